import { startEmbedded } from '@dcesop/embedded-db'
import type { CustomersDirectory, ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { createTestClock, createTestHost, testIdentity, type TestHost } from '@dcesop/sdk-plugin/testing'
import manifest from '../../dcesop.plugin.json' with { type: 'json' }
import type { DiagnosticsConfig } from '../config.ts'
import type { TelemetryRow } from '../ingest/row.ts'
import plugin from '../main.ts'

export const machine = testIdentity(['diagnostics:ingest', 'diagnostics:operate'], {
  kind: 'machine',
  subject: 'client:probe',
})
export const agent = testIdentity(['diagnostics:view', 'diagnostics:run', 'diagnostics:usage', 'diagnostics:network'])

/**
 * The plugin on a database of its own, with the given services in its inventory. The clock stands still at the present: the
 * database deletes samples by age, and by its own clock.
 */
export function startDiagnostics(
  services: readonly ServiceRecord[],
  config: DiagnosticsConfig = {},
): Promise<TestHost> {
  return createTestHost<DiagnosticsConfig | undefined>({
    manifest,
    plugin,
    config,
    clock: createTestClock(new Date()),
    database: () => startEmbedded({ memory: true, durability: 'none', port: 0 }),
    regions: ['br', 'mx'],
    capabilities: { 'customers.directory': directoryOf(services) },
  })
}

export function send(host: TestHost, rows: readonly object[]) {
  return host.request(machine, 'POST', '/telemetry', { rows })
}

let sources = 0

/** Rows of a source of their own, one a second, the last one a second ago unless `from` says otherwise; times in seconds. */
export function rowsOf(
  host: TestHost,
  serviceId: string,
  values: readonly TelemetryRow['metrics'][],
  options: { source?: string; from?: number; every?: number } = {},
): TelemetryRow[] {
  const { source = `probe-${(sources += 1)}`, from = -values.length, every = 1 } = options
  return values.map((metrics, seq) => ({
    source,
    seq,
    serviceId,
    at: host.clock.at((from + seq * every) * 1000),
    metrics,
  }))
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
      inRegion(region).flatMap((service) =>
        service.networkElement.id === elementId && service.status === 'active' ? [service.id] : [],
      ),
    async listServices(region, after, limit) {
      const sorted = inRegion(region).sort((a, b) => (a.id < b.id ? -1 : 1))
      return sorted.filter((service) => after === undefined || service.id > after).slice(0, limit)
    },
  }
}
