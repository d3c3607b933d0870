import { LRUCache } from 'lru-cache'
import type { RealtimePort, RegionId } from '@dcesop/sdk-plugin'
import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { Focus } from '../focus/focus.ts'
import type { IssueDocument } from '../issues/issue.ts'
import { metrics, type MetricId } from '../metrics/catalogue.ts'
import type { ThresholdBook } from '../metrics/threshold-rules.ts'
import { advance, type LatestDocument, type MetricState } from '../series/latest.ts'
import type { SampleDocument } from '../series/sample.ts'
import type { Stores } from '../stores.ts'
import { issueView } from './issue-view.ts'
import { judged } from './tiles.ts'

export const telemetryTopic = 'diagnostics.telemetry'

/** Pushes what was stored to the people who look at that customer, judged as the live view judges it. */
export class LiveFeed {
  readonly #realtime: RealtimePort
  readonly #focus: Focus
  readonly #book: ThresholdBook
  readonly #stores: (region: RegionId) => Stores
  /** States of watched services, reread now and then since other nodes take samples in as well. */
  readonly #states = new LRUCache<string, LatestDocument>({ max: 2_000, ttl: 30_000 })

  constructor(parts: {
    realtime: RealtimePort
    focus: Focus
    book: ThresholdBook
    stores: (region: RegionId) => Stores
  }) {
    this.#realtime = parts.realtime
    this.#focus = parts.focus
    this.#book = parts.book
    this.#stores = parts.stores
  }

  /** Publishes the new samples of watched services, one message for each service. */
  async pushSamples(
    region: RegionId,
    samples: readonly SampleDocument[],
    services: ReadonlyMap<string, ServiceRecord>,
  ): Promise<void> {
    const byService = Map.groupBy(samples, (sample) => sample.serviceId)
    const watched = await this.#focus.among(region, new Set(byService.keys()))
    for (const id of watched) {
      const service = services.get(id)
      const own = byService.get(id)
      if (service !== undefined && own !== undefined) await this.#push(region, service, own)
    }
  }

  /** Publishes issues that were opened, changed or ended. */
  pushIssues(region: RegionId, issues: readonly IssueDocument[]): void {
    for (const issue of issues) {
      const payload = { type: 'issue', issue: issueView(issue) }
      this.#realtime.publish(telemetryTopic, { region, key: issue.customerId, payload })
    }
  }

  async #push(region: RegionId, service: ServiceRecord, samples: readonly SampleDocument[]): Promise<void> {
    const key = `${region}/${service.id}`
    const known = this.#states.get(key) ?? (await this.#stores(region).latest.findOne({ _id: service.id })) ?? undefined
    const { latest } = advance(this.#book, service, known, samples)
    this.#states.set(key, latest, { noUpdateTTL: true })
    const tiles = Object.entries(latest.metrics) as [MetricId, MetricState][]
    // Who may see how a service performs may not all see what is used: counters go the way that asks for that permission.
    const changed = tiles.filter(
      ([metric, state]) => metrics[metric].kind === 'performance' && known?.metrics[metric]?.at !== state.at,
    )
    if (changed.length === 0) return
    this.#realtime.publish(telemetryTopic, {
      region,
      key: service.customerId,
      payload: {
        type: 'sample',
        serviceId: service.id,
        tiles: changed.map(([metric, state]) => tile(metric, state, service.status)),
      },
    })
  }
}

function tile(metric: MetricId, state: MetricState, status: ServiceRecord['status']): Record<string, unknown> {
  const { value, at, source, simulated, threshold } = state
  return { metric, value, at, source, simulated, threshold, ...judged(metric, state, status) }
}
