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
const maxNeighbours = 500

/** Newest values of the services on one cell or OLT, kept for at most a minute. */
export class Neighbours {
  readonly #cache: LRUCache<string, readonly LatestDocument[]>
  readonly #freshMs: number
  readonly #now: () => number

  constructor(options: { freshMs: number; now: () => number }) {
    this.#cache = new LRUCache({ max: 500, ttl: cacheMs })
    this.#freshMs = options.freshMs
    this.#now = options.now
  }

  /** Medians of the fresh values of the other services on the service's element. */
  async medians(stores: Stores, service: ServiceRecord): Promise<NeighbourMedians> {
    const elementId = service.networkElement.id
    const key = `${stores.region}/${elementId}`
    let states = this.#cache.get(key)
    if (states === undefined) {
      states = await stores.latest.find({ elementId }).limit(maxNeighbours).toArray()
      this.#cache.set(key, states)
    }
    const others = states.filter((state) => state._id !== service.id)
    return mediansOf(service, freshValues(others, this.#now() - this.#freshMs))
  }
}

/** @param since values measured before it do not count */
function freshValues(states: readonly LatestDocument[], since: number): Map<MetricId, MetricState[]> {
  const values = new Map<MetricId, MetricState[]>()
  for (const state of states) {
    for (const [metric, measured] of Object.entries(state.metrics) as [MetricId, MetricState][]) {
      if (measured.at.getTime() < since) continue
      const known = values.get(metric)
      if (known === undefined) values.set(metric, [measured])
      else known.push(measured)
    }
  }
  return values
}

function mediansOf(service: ServiceRecord, values: ReadonlyMap<MetricId, readonly MetricState[]>): NeighbourMedians {
  const medians: NeighbourMedians = {}
  for (const [metric, states] of values) {
    const found = isSetByPlan(metric)
      ? byShare(states, promised(metric, service.plan.promise))
      : byValue(states.map(({ value }) => value))
    if (found !== undefined) medians[metric] = found
  }
  return medians
}

function byValue(values: readonly number[]): NeighbourMedian | undefined {
  return values.length === 0 ? undefined : { median: median(values), services: values.length }
}

/** 600 Mbps are much on one plan and little on another: what compares is the share of what each plan promises. */
function byShare(states: readonly MetricState[], promise: number | undefined): NeighbourMedian | undefined {
  if (promise === undefined) return undefined
  const shares = states.flatMap((state) => (state.promised === undefined ? [] : [state.value / state.promised]))
  const found = byValue(shares)
  return found && { ...found, median: found.median * promise, share: found.median }
}

/** Middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
