import type { Log } from '@dcesop/sdk-plugin'
import { DisposableStore, toDisposable } from '@dcesop/sdk-plugin'
import { claimFolder, StartRefused } from '@dcesop/sdk-plugin/host'
import { Passwords, SlowDown } from '@dcesop/sdk-plugin/internal/sign-in'
import { join } from 'node:path'
import { checkPageRoutes } from './checks/check-page-routes.ts'
import { ContentChecks } from './checks/content/content-checks.ts'
import { CheckPipeline } from './checks/pipeline.ts'
import { consumerContractsCheck } from './checks/registry/consumer-contracts.ts'
import { compatibilityCheck } from './checks/registry/compatibility.ts'
import { knownAdvisoriesCheck } from './checks/registry/known-advisories.ts'
import { reservedNameCheck } from './checks/registry/reserved-name.ts'
import { similarNameCheck } from './checks/registry/similar-name.ts'
import type { RegistryConfig } from './config/config.ts'
import { RateLimits } from './http/rate-limits.ts'
import { RegistryServer } from './http/server.ts'
import { Accounts } from './identity/accounts.ts'
import { Scopes } from './identity/scopes.ts'
import { SignIn } from './identity/sign-in.ts'
import { orgRoutes } from './identity/org-routes.ts'
import { profileRoutes } from './identity/profile-routes.ts'
import { tokenRoutes } from './identity/token-routes.ts'
import { Tokens } from './identity/tokens.ts'
import { userRoutes } from './identity/user-routes.ts'
import { prepareAccounts } from './identity/prepare-accounts.ts'
import { accessRoutes } from './packages/access-routes.ts'
import { Advisories } from './packages/advisories/advisories.ts'
import { advisoryRoutes } from './packages/advisories/advisory-routes.ts'
import { PackageChanges } from './packages/package-changes.ts'
import { Publisher } from './packages/publish/publisher.ts'
import { readRoutes } from './packages/read-routes.ts'
import { searchRoutes } from './packages/search/search-routes.ts'
import { tagRoutes } from './packages/tag-routes.ts'
import { writeRoutes } from './packages/write-routes.ts'
import { serviceRoutes } from './packages/service-routes.ts'
import { contractRoutes } from './governance/contract-routes.ts'
import { mandatoryGrantCheck } from './governance/mandatory-grant.ts'
import { publisherSignatureCheck, signedByPublisherCheck } from './trust/publisher-keys/publisher-signature-checks.ts'
import { openIncidents } from './distribution/incidents/open-incidents.ts'
import { openDistribution } from './distribution/open-distribution.ts'
import { openGovernance } from './governance/open-governance.ts'
import { TransparencyLog } from './trust/log/transparency-log.ts'
import { openTrust } from './trust/open-trust.ts'
import { openBlobs } from './storage/open-blobs.ts'
import { Database } from './storage/database.ts'
import { EmbeddedEngine } from './storage/embedded-engine.ts'
import { sweepBlobs, sweepDaily } from './storage/sweep.ts'
import { Spool } from './storage/spool.ts'

export interface Registry {
  readonly url: string
  /** Lets what is under way finish, then gives everything back. */
  stop(): Promise<void>
}

export interface RegistryDeps {
  readonly config: RegistryConfig
  /** Folder that holds `config/`. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly log: Log
}

/** Puts the registry together and listens. @throws StartRefused with a sentence for the operator */
export async function startRegistry({ config, root, env, log }: RegistryDeps): Promise<Registry> {
  const running = new DisposableStore()
  try {
    const { directory } = config.data
    const refuse = (what: string) =>
      new StartRefused(
        `The data folder ${directory} ${what}: make room there, stop what uses it, or choose another folder with --dir.`,
      )
    running.add(await claimFolder(directory, refuse))
    const database = await openDatabase(config, log, running)
    const spool = await Spool.open(join(directory, 'spool'))
    const blobs = await openBlobs(config.data, database)
    const accounts = new Accounts(database, new Passwords(config.accounts.argon2))
    const tokens = new Tokens(database)
    const transparency = new TransparencyLog(database)
    await transparency.prepare()
    const scopes = new Scopes(database, config.names, transparency)
    running.add(await sweepDaily('tarballs that belong to no version', () => sweepBlobs(blobs, database), log))
    await prepareAccounts({ config, root, env, accounts, database })

    const limits = new RateLimits(config.http.limits)
    const trust = await openTrust({ config, database, scopes, transparency, limits, log })
    running.add(trust)
    const advisories = new Advisories(database, trust.log)
    const contents = new ContentChecks(config.checks, config.licences, log)
    running.add(toDisposable(() => contents.close()))
    const pipeline = new CheckPipeline(
      contents,
      {
        before: [reservedNameCheck(config.names, database), similarNameCheck(database)],
        after: [
          compatibilityCheck(database),
          consumerContractsCheck(database, trust.catalogue),
          knownAdvisoriesCheck(advisories),
          publisherSignatureCheck(database),
          signedByPublisherCheck(database),
          mandatoryGrantCheck(database, config.governance),
        ],
      },
      config.checks,
      log,
    )
    const publisher = new Publisher({ database, blobs, scopes, pipeline, participants: [trust.participant] })
    const changes = new PackageChanges({ database, catalogue: trust.catalogue }, scopes, transparency)
    const slowDown = new SlowDown(database.signInAttempts, { now: () => new Date() })
    await slowDown.prepare()
    const signIn = new SignIn({ accounts, limits, slowDown, log })
    const incidents = await openIncidents({
      ...{ database, scopes, limits, transparency, log },
      channels: config.governance.channels,
    })
    running.add(incidents)

    const server = await RegistryServer.create({
      config: config.http,
      limits,
      tokens,
      log,
      routes: [
        serviceRoutes(database, trust.npmKeys),
        userRoutes({ accounts, tokens, signIn, signUp: config.accounts.signUp }),
        tokenRoutes(accounts, tokens, signIn),
        profileRoutes(accounts, tokens, signIn),
        orgRoutes(database, scopes, limits),
        accessRoutes(database, scopes),
        searchRoutes({ database, catalogue: trust.catalogue }, config.http.publicUrl),
        advisoryRoutes(advisories),
        tagRoutes({ database, catalogue: trust.catalogue }, scopes, changes, limits),
        readRoutes({ database, catalogue: trust.catalogue, scopes, blobs, publicUrl: config.http.publicUrl }),
        writeRoutes({ spool, scopes, limits, publisher, changes }),
        ...trust.routes,
        checkPageRoutes(),
        contractRoutes(database),
        ...openDistribution({ config, database, blobs, trust, advisories, scopes, spool, publisher }),
        ...incidents.routes,
        openGovernance({ config: config.governance, database, scopes, limits, trust }),
      ],
    })
    const url = await server.listen()
    running.add(toDisposable(() => server.drain()))
    return { url, stop: () => running.dispose() }
  } catch (error) {
    await running.dispose()
    throw error
  }
}

/** @throws StartRefused in production without a MongoDB, or when another process has the embedded one */
export async function openDatabase(
  { data, profile }: RegistryConfig,
  log: Log,
  running: DisposableStore,
): Promise<Database> {
  if (data.mongodbUri === null && profile === 'production' && !data.allowEmbeddedInProduction)
    throw new StartRefused(
      'The production profile needs a MongoDB: set MONGODB_URI, or DCESOP_ALLOW_EMBEDDED_DB=1 if you accept the limits of the embedded database.',
    )
  let uri = data.mongodbUri
  if (uri === null) {
    const engine = new EmbeddedEngine(join(data.directory, 'db'), log)
    running.add(toDisposable(() => engine.stop()))
    uri = await engine.start()
  }
  const database = await Database.connect(uri, data.database)
  running.add(toDisposable(() => database.close()))
  return database
}
