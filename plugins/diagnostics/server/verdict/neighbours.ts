import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { LRUCache } from 'lru-cache'
import { isSetByPlan, type MetricId } from '../metrics/catalogue.ts'
import { promised } from '../metrics/evaluate.ts'
import type { LatestDocument, MetricState } from '../series/latest.ts'
import type { Stores } from '../stores.ts'

export interface NeighbourMedian {
  /** In the metric's unit; of what the plan sets, `share` of what this service's own plan promises. */
  readonly median: number
  /** Of what the plan sets: median of each neighbour's value against what its own plan promises, 1 is all of it. */
  readonly share?: number
  /** Neighbours that it was computed from. */
  readonly services: number
}
export type NeighbourMedians = Partial<Record<MetricId, NeighbourMedian>>

const cacheMs = 60_000
/** While too few have measured, as after a start: the next ones may soon. */
const cacheOfFewMs = 5_000
const maxNeighbours = 500
/** Of fewer people, a median tells of one of them how their service does. */
const leastPeople = 5

/** What one neighbour's service measured last. */
interface Heard {
  readonly customerId: string
  readonly state: MetricState
}

/** Newest values of the services on one cell or OLT, kept for at most a minute, and for seconds where they are few. */
export class Neighbours {
  readonly #cache: LRUCache<string, readonly LatestDocument[]>
  readonly #freshMs: number
  readonly #now: () => number

  constructor(options: { freshMs: number; now: () => number }) {
    this.#cache = new LRUCache({ max: 500, ttl: cacheMs })
    this.#freshMs = options.freshMs
    this.#now = options.now
  }

  /** Medians of the fresh values of other people's services on the service's element, where there are enough of them. */
  async medians(stores: Stores, service: ServiceRecord): Promise<NeighbourMedians> {
    const elementId = service.networkElement.id
    const key = `${stores.region}/${elementId}`
    let states = this.#cache.get(key)
    if (states === undefined) {
      states = await stores.latest.find({ elementId }).limit(maxNeighbours).toArray()
      const people = new Set(states.map(({ customerId }) => customerId)).size
      // The one who asks is among them, and no neighbour.
      this.#cache.set(key, states, { ttl: people > leastPeople ? cacheMs : cacheOfFewMs })
    }
    const others = states.filter((state) => state.customerId !== service.customerId)
    return mediansOf(service, freshValues(others, this.#now() - this.#freshMs))
  }
}

/** @param since values measured before it do not count */
function freshValues(states: readonly LatestDocument[], since: number): Map<MetricId, Heard[]> {
  const values = new Map<MetricId, Heard[]>()
  for (const { customerId, metrics } of states) {
    for (const [metric, state] of Object.entries(metrics) as [MetricId, MetricState][]) {
      if (state.at.getTime() < since) continue
      const known = values.get(metric)
      if (known === undefined) values.set(metric, [{ customerId, state }])
      else known.push({ customerId, state })
    }
  }
  return values
}

function mediansOf(service: ServiceRecord, values: ReadonlyMap<MetricId, readonly Heard[]>): NeighbourMedians {
  const medians: NeighbourMedians = {}
  for (const [metric, heard] of values) {
    const found = isSetByPlan(metric)
      ? byShare(heard, promised(metric, service.plan.promise))
      : byValue(heard, ({ value }) => value)
    if (found !== undefined) medians[metric] = found
  }
  return medians
}

function byValue(heard: readonly Heard[], valueOf: (state: MetricState) => number): NeighbourMedian | undefined {
  const people = new Set(heard.map(({ customerId }) => customerId))
  if (people.size < leastPeople) return undefined
  return { median: median(heard.map(({ state }) => valueOf(state))), services: heard.length }
}

/** 600 Mbps are much on one plan and little on another: what compares is the share of what each plan promises. */
function byShare(heard: readonly Heard[], promise: number | undefined): NeighbourMedian | undefined {
  if (promise === undefined) return undefined
  const known = heard.filter(({ state }) => state.promised !== undefined)
  const found = byValue(known, (state) => state.value / (state.promised ?? Number.NaN))
  return found && { ...found, median: found.median * promise, share: found.median }
}

/** Middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
