import type { DataPort } from '../backend/data.ts'
import { type Disposable, DisposableStore } from '../backend/disposable.ts'
import type { Identity } from '../backend/identity.ts'
import type { PluginDefinition } from '../backend/plugin.ts'
import type { DomainEvent, Log } from '../backend/ports.ts'
import type { AuditEntry, RouteDefinition } from '../backend/route.ts'
import { configIn } from '../host/index.ts'
import { pairRoutes } from '../http/index.ts'
import { checkManifest } from '../manifest/check.ts'
import { createTestCapabilities } from './capabilities.ts'
import { createTestClient, type TestAnswer, type TestRequest } from './client.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { testConfig } from './region-config.ts'
import { createTestData, withoutData } from './data.ts'
import type { TestDatabaseSource } from './database.ts'
import { createTestEvents, type TestEvent } from './events.ts'
import { createDatabaseFaults, type DatabaseFaults } from './database-faults.ts'
import { createTestJobs } from './jobs.ts'
import { createTestNetwork, type TestNetwork } from './network.ts'
import { createTestRealtime, type RealtimeRecord } from './realtime.ts'
import { createTestSecrets } from './secrets.ts'
import { startTestServer } from './server.ts'

export interface TestHostOptions<Config> {
  /** Content of `dcesop.plugin.json`; checked as the host checks it. */
  readonly manifest: unknown
  readonly plugin: PluginDefinition<Config>
  /** Without it the data port refuses. `MONGODB_URI` of the environment stands in for a server that would be started. */
  readonly database?: TestDatabaseSource
  /** Checked against `config.schema` of the manifest, with its defaults. */
  readonly config?: Config
  /** What regions have beside it or otherwise, by region; the manifest's `config.scopes` must have `region`. */
  readonly regionConfig?: Readonly<Record<string, object>>
  /** Regions that the host serves; `br`, `mx` and `co` unless told. */
  readonly regions?: readonly string[]
  readonly clock?: TestClock
  /** Who answers for consumed capabilities, by name. */
  readonly capabilities?: Readonly<Record<string, object>>
  /** Values of secrets that the manifest asks for, by name; the others were not given. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly log?: Log
}

/** One plugin's backend without the platform; everything that it did and what reaches it are in the test's hands. */
export interface TestHost {
  readonly clock: TestClock
  /** The plugin's own data, as the plugin sees it. */
  readonly data: DataPort
  /** Makes commands to the database fail. */
  readonly database: DatabaseFaults
  /** Makes the plugin's own `fetch` fail. */
  readonly network: TestNetwork
  /** Audit entries that the plugin wrote, oldest first. */
  readonly audits: readonly AuditEntry[]
  /** Events that the plugin published, in order; those of a transaction once it committed. */
  readonly published: readonly DomainEvent[]
  /** Realtime messages that the plugin pushed, in order. */
  readonly messages: readonly RealtimeRecord[]
  /** Why answers had status 500 and above, in order; the answers themselves do not tell. */
  readonly failures: readonly unknown[]
  /**
   * Calls a route over HTTP: sign-in, permission, media type, input and size are checked, errors are answered, as the host does.
   * @param identity undefined: nobody is signed in
   * @param url path below `/api/plugins/<id>`, with the query
   * @returns any answer, problems included
   */
  request<T = TestAnswer['body']>(
    identity: Identity | undefined,
    method: string,
    url: string,
    sent?: TestRequest,
  ): Promise<TestAnswer<T>>
  /** The body of a GET. @throws Error when the answer is not 200 */
  read<T>(identity: Identity, url: string): Promise<T>
  /**
   * Hands an event to the plugin's subscriber; the same event twice is what at-least-once delivery does.
   * @throws what the subscriber throws: the host would deliver again
   */
  deliver(event: TestEvent): Promise<void>
  /** Somebody opens a subscription. @throws Problem 404 when the topic's permission, the region or the plugin's check refuse */
  listen(identity: Identity, topic: string, region: string, key: string): Promise<Disposable>
  /** Runs a job once, now. @throws Error for an unknown job, or what the job throws */
  runJob(name: string, signal?: AbortSignal): Promise<void>
  /** What the plugin provides under a name. @throws Error when it does not */
  capability<T extends object>(name: string): T
  /** A provider of a consumed capability comes, changes or (undefined) goes. */
  give(capability: string, implementation: object | undefined): void
  /** Stops the plugin and takes back everything, the databases included. */
  dispose(): Promise<void>
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Starts one plugin's backend: real routes over HTTP, real data over the wire, the host's own checks; events, realtime, jobs, audit,
 * capabilities and time are in the test's hands. Every declaration is enforced as in production.
 *
 *     const host = await createTestHost({ manifest, plugin, database: () => startEmbedded({ memory: true }) })
 *     const answer = await host.request(testIdentity(['things:edit']), 'POST', '/things', { body: { name: 'one' } })
 *     await host.dispose()
 *
 * @throws Error when the manifest or the configuration is not valid, the plugin's start throws, or the plugin registers other routes,
 * jobs, topics, collections or capabilities than its manifest declares; nothing is left running then
 */
export async function createTestHost<Config>(options: TestHostOptions<Config>): Promise<TestHost> {
  const checked = checkManifest(options.manifest)
  if (!checked.ok) throw new Error(checked.findings.map((finding) => finding.message).join('\n'))
  const { manifest } = checked
  const { regions = ['br', 'mx', 'co'], regionConfig = {}, clock = createTestClock(), log = quiet } = options
  const given = testConfig(manifest, regions, options.config, regionConfig)
  const config = given.value as Config
  const configOf = configIn(given)
  const [audits, failures]: [AuditEntry[], unknown[]] = [[], []]
  const events = createTestEvents(manifest, clock)
  const realtime = createTestRealtime(manifest, (entry) => void audits.push(entry))
  const jobs = createTestJobs(manifest)
  const capabilities = createTestCapabilities(manifest, options.capabilities ?? {})
  const prefix = `/api/plugins/${manifest.id}`
  let origin = ''
  const client = createTestClient(() => origin + prefix)
  const running = new DisposableStore()
  const network = createTestNetwork(() => origin)
  running.add({ dispose: () => network.restore() })
  let faults = createDatabaseFaults(undefined)
  const start = async (): Promise<DataPort> => {
    const { database } = options
    const stored = database === undefined ? undefined : running.add(await createTestData(database, manifest, regions))
    if (stored) faults = stored.faults
    const data = stored ? events.transactional(stored.port) : withoutData(regions)
    const definitions: RouteDefinition[] = []
    let started = false
    await options.plugin.start({
      id: manifest.id,
      version: manifest.version,
      config,
      configOf: (region) => configOf(region) as Config,
      log,
      clock,
      data,
      events: events.port,
      realtime: realtime.port,
      jobs: jobs.port,
      capabilities: capabilities.port,
      secrets: createTestSecrets(manifest, options.secrets ?? {}),
      route(definition) {
        if (started)
          throw new Error(`${definition.method} ${definition.path} comes after the start; routes are fixed then.`)
        definitions.push(definition as unknown as RouteDefinition)
      },
      onStop: (disposable) => void running.add(disposable),
    })
    started = true
    await stored?.ready()
    const server = await startTestServer(pairRoutes(manifest.id, definitions, manifest.backend?.routes ?? []), {
      prefix,
      identify: (request) => client.identify(request.raw.req.headers),
      audit: (entry) => void audits.push(entry),
      failed: (cause) => void failures.push(cause),
    })
    running.add({ dispose: () => server.stop({ timeout: 0 }) })
    origin = server.info.uri
    return data
  }
  const data = await start().catch(async (error: unknown) => {
    await running.dispose()
    throw error
  })
  return {
    clock,
    data,
    database: faults,
    network,
    audits,
    failures,
    published: events.published,
    messages: realtime.messages,
    request: client.request,
    async read<T>(identity: Identity, url: string) {
      const { status, body } = await client.request<T>(identity, 'GET', url)
      if (status === 200) return body
      throw new Error(`GET ${url}: ${status} ${JSON.stringify(body)}`, { cause: failures.at(-1) })
    },
    deliver: events.deliver,
    listen: realtime.listen,
    runJob: jobs.run,
    capability: capabilities.capability,
    give: capabilities.give,
    dispose: () => running.dispose(),
  }
}
