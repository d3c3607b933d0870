import { LRUCache } from 'lru-cache'
import type { MetricId } from '../metrics/catalogue.ts'
import type { LatestDocument } from '../series/latest.ts'
import type { Stores } from '../stores.ts'

export interface NeighbourMedian {
  readonly median: number
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

  /** Medians of the fresh values of the other services on the element. */
  async medians(stores: Stores, elementId: string, serviceId: string): Promise<NeighbourMedians> {
    const key = `${stores.region}/${elementId}`
    let states = this.#cache.get(key)
    if (states === undefined) {
      states = await stores.latest.find({ elementId }).limit(maxNeighbours).toArray()
      this.#cache.set(key, states)
    }
    return mediansOf(
      states.filter((state) => state._id !== serviceId),
      this.#now() - this.#freshMs,
    )
  }
}

/** @param since values measured before it do not count */
function mediansOf(states: readonly LatestDocument[], since: number): NeighbourMedians {
  const values = new Map<MetricId, number[]>()
  for (const state of states) {
    for (const [metric, { value, at }] of Object.entries(state.metrics) as [MetricId, { value: number; at: Date }][]) {
      if (at.getTime() < since) continue
      const known = values.get(metric)
      if (known === undefined) values.set(metric, [value])
      else known.push(value)
    }
  }
  return Object.fromEntries(
    [...values].map(([metric, list]) => [metric, { median: median(list), services: list.length }]),
  )
}

/** Middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
