import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { openIncidentsOn } from '../issues/incident-store.ts'
import { incidentView } from '../issues/incident.ts'
import { issuesOf } from '../issues/issue-store.ts'
import type { MetricId } from '../metrics/catalogue.ts'
import type { ThresholdBook } from '../metrics/threshold-rules.ts'
import type { LatestDocument } from '../series/latest.ts'
import { sparklines, type SparkPoint } from '../series/sparkline.ts'
import type { Stores } from '../stores.ts'
import { summarise, usageFreshMs } from '../usage/usage.ts'
import { billingPart, healthOf, networkPart, usagePart, type HealthPart } from './health.ts'
import { issueView } from './issue-view.ts'
import { newestStates } from './live-samples.ts'
import type { Neighbours } from './neighbours.ts'
import { tilesOf, type Tile } from './tiles.ts'

export interface LiveParts {
  readonly book: ThresholdBook
  readonly neighbours: Neighbours
  readonly staleMs: number
  /** Whether the viewer may see usage (permission `diagnostics:usage`). */
  readonly showUsage: boolean
  readonly now: Date
}

/** Everything that the diagnostics panel shows of a customer at once; open incidents come first. */
export async function liveView(
  stores: Stores,
  customerId: string,
  services: readonly ServiceRecord[],
  parts: LiveParts,
): Promise<Record<string, unknown>> {
  const { now } = parts
  const [states, issues, incidents] = await Promise.all([
    newestStates(stores, parts.book, services),
    issuesOf(stores, customerId, { openOnly: true, limit: 50 }),
    openIncidentsOn(
      stores,
      services.map((service) => service.networkElement.id),
      now,
    ),
  ])
  const freshSince = new Date(now.getTime() - parts.staleMs)
  const views = await Promise.all(
    services.map(async (service) => {
      const [neighbours, sparks] = await Promise.all([
        parts.neighbours.medians(stores, service),
        sparklines(stores, service.id, now),
      ])
      return { service, sparks, tiles: tilesOf(service, states.get(service.id), neighbours, freshSince) }
    }),
  )
  // Nobody counts any more what a service uses that has ended, and that of a suspended one is not what ails the customer.
  const active = services.filter((service) => service.status === 'active')
  const health = healthOf([
    networkPart(views, incidents),
    ...(parts.showUsage && active.length > 0 ? [usageHealth(active, states, now)] : []),
    billingPart(services, now),
  ])
  return {
    region: stores.region,
    customerId,
    at: now,
    staleAfterSeconds: parts.staleMs / 1000,
    incidents: incidents.map((incident) => incidentView(stores.region, incident)),
    health,
    services: views.map(({ service, tiles, sparks }) => ({
      ...serviceView(service),
      simulated: tiles.some((tile) => tile.simulated === true),
      tiles: tiles.map((tile) => withSparkline(tile, sparks)),
      issues: issues.filter((issue) => issue.serviceId === service.id).map(issueView),
    })),
  }
}

function withSparkline(
  tile: Tile,
  sparks: Partial<Record<MetricId, SparkPoint[]>>,
): Tile & { sparkline: readonly SparkPoint[] } {
  return { ...tile, sparkline: sparks[tile.metric] ?? [] }
}

function serviceView(service: ServiceRecord): Record<string, unknown> {
  const { id, label, technology, status, statusReason, plan, networkElement, timeZone } = service
  return { id, label, technology, status, statusReason, plan, element: networkElement, timeZone }
}

/** Used against allowed needs the newest counters only, not the days before. */
function usageHealth(
  services: readonly ServiceRecord[],
  states: ReadonlyMap<string, LatestDocument>,
  now: Date,
): HealthPart {
  const summaries = services.map((service) => summarise(service, states.get(service.id), [], now))
  return usagePart(summaries, new Date(now.getTime() - usageFreshMs))
}
