import { DisposableStore } from '../backend/disposable.ts'
import type { Identity } from '../backend/identity.ts'
import type { PluginDefinition } from '../backend/plugin.ts'
import type { Log } from '../backend/ports.ts'
import { checkManifest } from '../manifest/check.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { createTestData } from './data.ts'
import { createTestCapabilities, createTestEvents, createTestJobs, createTestRealtime } from './ports.ts'
import { createTestRoutes, type RequestOptions } from './routes.ts'

export interface TestHostOptions<Config> {
  /** Content of `dcesop.plugin.json`; checked as the host checks it. */
  readonly manifest: unknown
  readonly plugin: PluginDefinition<Config>
  /** A server that speaks MongoDB's wire protocol, for example the embedded database. Without it the data port refuses. */
  readonly mongoUri?: string
  readonly config?: Config
  readonly regions?: readonly string[]
  readonly clock?: TestClock
  /** Stand-ins for consumed capabilities, by name. */
  readonly capabilities?: Readonly<Record<string, object>>
  readonly log?: Log
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Runs one plugin's backend without the platform: real routes, real input checks, real data; events, realtime, jobs, audit and
 * time are in the test's hands. Every declaration is enforced as in production.
 */
export async function createTestHost<Config>(options: TestHostOptions<Config>) {
  const checked = checkManifest(options.manifest)
  if (!checked.ok) throw new Error(checked.findings.map((finding) => finding.message).join('\n'))
  const { manifest } = checked
  const regions = options.regions ?? ['br', 'mx', 'co']
  const clock = options.clock ?? createTestClock()
  const data = options.mongoUri === undefined ? undefined : await createTestData(options.mongoUri, manifest.id, regions)
  const events = createTestEvents(manifest, clock)
  const realtime = createTestRealtime(manifest)
  const jobs = createTestJobs()
  const capabilities = createTestCapabilities(manifest, options.capabilities ?? {})
  const routes = createTestRoutes(manifest)
  const onStop = new DisposableStore()
  await options.plugin.start({
    id: manifest.id,
    version: manifest.version,
    config: Object.freeze(options.config ?? ({} as Config)),
    log: options.log ?? quiet,
    clock,
    data: data?.port ?? {
      regions,
      region: () => {
        throw new Error('This test host has no mongoUri.')
      },
    },
    events: events.port,
    realtime: realtime.port,
    jobs: jobs.port,
    capabilities: capabilities.port,
    route: routes.route,
    onStop: (disposable) => void onStop.add(disposable),
  })
  await data?.ready()
  routes.checkDeclared()
  return {
    clock,
    audits: routes.audits,
    published: events.published,
    deliver: events.deliver,
    messages: realtime.messages,
    listen: realtime.listen,
    runJob: jobs.run,
    /** What the plugin provides under a capability name. */
    capability: <T>(name: string): T => capabilities.provided.get(name) as T,
    request: (identity: Identity | undefined, method: string, url: string, request?: RequestOptions) =>
      routes.request(identity, method, url, request),
    async dispose(): Promise<void> {
      await onStop.dispose()
      await routes.stop()
      await data?.dispose()
    },
  }
}

export type TestHost = Awaited<ReturnType<typeof createTestHost>>
