import type { MetricId, MetricValues } from '../metrics/catalogue.ts'
import { inOrder } from './sample.ts'

/** Count, sum, extremes and last value of one metric within one slot of time. */
export interface Aggregate {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly last: number
  /** When the last value was measured. */
  readonly lastAt: Date
}

export type Aggregates = Partial<Record<MetricId, Aggregate>>

export interface Sample {
  readonly _id: string
  readonly at: Date
  readonly metrics: MetricValues
}

/**
 * Aggregates the distinct samples of one slot. The answer depends on the set of samples alone, not on order or repetition:
 * samples are taken once per `_id` and in their order, so even the rounding of the sums is the same.
 */
export function aggregate(samples: Iterable<Sample>): Aggregates {
  const distinct = [...new Map([...samples].map((sample) => [sample._id, sample])).values()].sort(inOrder)
  return distinct.reduce<Aggregates>((sum, sample) => merge(sum, ofSample(sample)), {})
}

/** Puts a later slot's aggregates onto an earlier one's. */
export function merge(earlier: Aggregates, later: Aggregates): Aggregates {
  const merged: Aggregates = { ...earlier }
  for (const [id, next] of Object.entries(later) as [MetricId, Aggregate][]) {
    const known = earlier[id]
    merged[id] =
      known === undefined
        ? next
        : {
            count: known.count + next.count,
            sum: known.sum + next.sum,
            min: Math.min(known.min, next.min),
            max: Math.max(known.max, next.max),
            last: next.lastAt >= known.lastAt ? next.last : known.last,
            lastAt: next.lastAt >= known.lastAt ? next.lastAt : known.lastAt,
          }
  }
  return merged
}

function ofSample(sample: Sample): Aggregates {
  const entries = Object.entries(sample.metrics) as [MetricId, number][]
  return Object.fromEntries(
    entries.map(([id, value]) => [
      id,
      { count: 1, sum: value, min: value, max: value, last: value, lastAt: sample.at },
    ]),
  )
}
