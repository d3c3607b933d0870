import { type Disposable, DisposableStore, type Log, toDisposable } from '@dcesop/sdk-plugin'
import { readPublicKeys } from '@dcesop/sdk-plugin/signing'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegistryConfig } from '../config/config.ts'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import { Catalogue } from '../distribution/catalogue/catalogue.ts'
import type { RateLimits } from '../http/rate-limits.ts'
import type { Routes } from '../http/server.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { PublishParticipant } from '../packages/publish/publisher.ts'
import type { PublicKey } from '../packages/service-routes.ts'
import type { Database } from '../storage/database.ts'
import { announceKeys } from './keys/announce-keys.ts'
import { RegistryKeys } from './keys/registry-keys.ts'
import { resignVersions } from './keys/resign-versions.ts'
import { logRoutes } from './log/log-routes.ts'
import { LoggedState } from './log/logged-state.ts'
import type { TransparencyLog } from './log/transparency-log.ts'
import { WitnessedLog } from './log/witnessed-log.ts'
import { PublisherKeys } from './publisher-keys/publisher-keys.ts'
import { publisherKeyRoutes } from './publisher-keys/publisher-key-routes.ts'
import { recordPublish } from './publish/record-publish.ts'
import { Snapshots } from './snapshot/snapshots.ts'
import { trustRoutes } from './trust-routes.ts'

export interface TrustDeps {
  readonly config: RegistryConfig
  readonly database: Database
  readonly scopes: Scopes
  /** Prepared. */
  readonly transparency: TransparencyLog
  readonly limits: RateLimits
  readonly log: Log
}

/** All that makes the registry's word worth believing. */
export interface Trust extends Disposable {
  readonly keys: RegistryKeys
  /** Pinned root keys of other registries, by key id. */
  readonly originRoots: ReadonlyMap<string, KeyObject>
  readonly log: TransparencyLog
  readonly witnessed: WitnessedLog
  readonly logged: LoggedState
  readonly catalogue: Catalogue
  readonly snapshots: Snapshots
  readonly participant: PublishParticipant
  readonly routes: readonly Routes[]
  /** The keys of `dist.signatures`. */
  npmKeys(): Promise<readonly PublicKey[]>
}

/** @throws StartRefused when keys are missing, or the log is not the one that was signed before */
export async function openTrust({ config, database, scopes, transparency, limits, log }: TrustDeps): Promise<Trust> {
  const { trust, governance, data } = config
  const keys = await RegistryKeys.open(trust.keysDirectory ?? join(data.directory, 'keys'), trust)
  const witnessed = await WitnessedLog.open(transparency, keys, join(data.directory, 'log-head.json'), log)
  const publisherKeys = new PublisherKeys({ database, scopes, log: transparency, overlapDays: trust.overlapDays })
  await publisherKeys.prepare()
  await announceKeys(keys, database, transparency, 'registry')
  await resignVersions(database, keys, transparency)
  const logged = new LoggedState(transparency)
  const catalogue = new Catalogue({ database, logged, head: () => witnessed.head(), log })
  const snapshots = new Snapshots({ database, catalogue, witnessed, logged, keys, trust, governance, log })

  const refresh = async () => {
    await keys.reload()
    // There is still time for it; the snapshot has less.
    await keys.renew().catch((err: unknown) => log.error({ err }, 'the list of keys could not be renewed'))
    await announceKeys(keys, database, transparency, 'registry')
    await resignVersions(database, keys, transparency)
    await logged.again(await witnessed.head())
    await snapshots.current()
  }
  const timers = new DisposableStore()
  const timer = setInterval(
    () => void refresh().catch((err: unknown) => log.error({ err }, 'the snapshot could not be renewed')),
    trust.snapshotRefreshMinutes * 60_000,
  )
  timer.unref()
  timers.add(toDisposable(() => clearInterval(timer)))

  return {
    keys,
    originRoots: await readRoots(trust.origins.rootKeys),
    log: transparency,
    witnessed,
    logged,
    catalogue,
    snapshots,
    participant: recordPublish({ database, keys, log: transparency, channels: governance.channels }),
    routes: [
      trustRoutes({ database, keys, log: transparency, snapshots }),
      logRoutes(transparency, witnessed),
      publisherKeyRoutes(publisherKeys, limits),
    ],
    npmKeys: async () => npmKeysOf(keys),
    dispose: () => timers.dispose(),
  }
}

/** @throws StartRefused */
async function readRoots(files: readonly string[]): Promise<ReadonlyMap<string, KeyObject>> {
  try {
    return readPublicKeys(await Promise.all(files.map((file) => readFile(file, 'utf8'))))
  } catch (error) {
    throw new StartRefused(`A root key in "trust.origins.rootKeys" cannot be read: ${(error as Error).message}.`)
  }
}

function npmKeysOf({ trusted: { list } }: RegistryKeys): PublicKey[] {
  const revoked = new Set(list.revoked.map(({ keyid }) => keyid))
  const type = 'ecdsa-sha2-nistp256'
  return list.keys
    .filter(({ role, keyid }) => role === 'package' && !revoked.has(keyid))
    .map(({ keyid, spki, until }) => ({ keyid, keytype: type, scheme: type, key: spki, expires: until }))
}
