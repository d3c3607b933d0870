import {
  createTestClock,
  createTestHost,
  testIdentity,
  type TestClock,
  type TestHost,
} from '@dcesop/sdk-plugin/testing'
import type { CustomersDirectory, ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import manifest from '../../dcesop.plugin.json' with { type: 'json' }
import type { DiagnosticsConfig } from '../config.ts'
import type { TelemetryRow } from '../ingest/row.ts'
import plugin from '../main.ts'

export const machine = testIdentity(['diagnostics:ingest', 'diagnostics:operate'], {
  kind: 'machine',
  subject: 'client:probe',
})
export const agent = testIdentity(['diagnostics:view', 'diagnostics:run', 'diagnostics:usage', 'network:view'])

export interface Bench {
  readonly host: TestHost
  readonly clock: TestClock
  /** Seconds before (negative) or after the bench's moment, as ISO text. */
  at(seconds: number): string
  send(rows: readonly object[] | string | Buffer): Promise<{ status: number; headers: unknown; body: unknown }>
  get<T>(url: string): Promise<T>
  dispose(): Promise<void>
}

/** A database for one spec file; specs hand in the embedded one. */
export interface BenchDatabase {
  readonly uri: string
  stop(): Promise<void>
}

/** The plugin on a real database with the given services in its inventory. The clock stands still at the present. */
export async function openBench(
  database: BenchDatabase,
  services: readonly ServiceRecord[],
  config: DiagnosticsConfig = {},
): Promise<Bench> {
  const clock = createTestClock(new Date())
  const start = clock.now().getTime()
  const host = await createTestHost<DiagnosticsConfig | undefined>({
    manifest,
    plugin,
    config,
    clock,
    mongoUri: database.uri,
    regions: ['br', 'mx'],
    capabilities: { 'customers.directory': directoryOf(services) },
  })
  return {
    host,
    clock,
    at: (seconds) => new Date(start + seconds * 1000).toISOString(),
    send: (rows) => {
      const body = Array.isArray(rows) ? rows.map((row) => JSON.stringify(row)).join('\n') : (rows as string | Buffer)
      return host.request(machine, 'POST', '/telemetry', { body })
    },
    async get<T>(url: string): Promise<T> {
      const answer = await host.request(agent, 'GET', url)
      if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${JSON.stringify(answer.body)}`)
      return answer.body as T
    },
    async dispose() {
      await host.dispose()
      await database.stop()
    },
  }
}

let sources = 0

/** Rows of a source of their own, one a second, the last one a second ago unless `from` says otherwise. */
export function rowsOf(
  bench: Bench,
  serviceId: string,
  values: readonly TelemetryRow['metrics'][],
  options: { source?: string; from?: number; every?: number } = {},
): TelemetryRow[] {
  const { source = `probe-${(sources += 1)}`, from = -values.length, every = 1 } = options
  return values.map((metrics, seq) => ({ source, seq, serviceId, at: bench.at(from + seq * every), metrics }))
}

function directoryOf(services: readonly ServiceRecord[]): CustomersDirectory {
  const inRegion = (region: string): ServiceRecord[] => services.filter((service) => service.region === region)
  return {
    async servicesOf(region, customerId) {
      const own = inRegion(region).filter((service) => service.customerId === customerId)
      return own.length > 0 ? own : undefined
    },
    services: async (region, ids) => ids.map((id) => inRegion(region).find((service) => service.id === id)),
    servicesOn: async (region, elementId) =>
      inRegion(region).flatMap((service) => (service.networkElement.id === elementId ? [service.id] : [])),
    async listServices(region, after, limit) {
      const sorted = inRegion(region).sort((a, b) => (a.id < b.id ? -1 : 1))
      return sorted.filter((service) => after === undefined || service.id > after).slice(0, limit)
    },
  }
}
