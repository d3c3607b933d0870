import type { MetricId } from '../metrics/catalogue.ts'
import type { Stores } from '../stores.ts'
import { merge, type Aggregates } from './aggregate.ts'
import { readSlots } from './range.ts'

/** Start of a quarter of an hour in milliseconds since the epoch, and the mean in it; quarters without samples are missing. */
export type SparkPoint = readonly [at: number, mean: number]

const quarterMs = 15 * 60_000
const spanMs = 24 * 3_600_000

/** The last 24 hours of every metric of a service. */
export async function sparklines(
  stores: Stores,
  serviceId: string,
  now: Date,
): Promise<Partial<Record<MetricId, SparkPoint[]>>> {
  const from = new Date(now.getTime() - spanMs)
  const slots = await readSlots(stores, { serviceId, from, to: now, resolution: 'minute' })
  const quarters = new Map<number, Aggregates>()
  for (const { at, aggregates } of slots) {
    const quarter = Math.floor(at.getTime() / quarterMs) * quarterMs
    quarters.set(quarter, merge(quarters.get(quarter) ?? {}, aggregates))
  }
  const lines: Partial<Record<MetricId, SparkPoint[]>> = {}
  for (const [at, aggregates] of quarters) {
    for (const [metric, { sum, count }] of Object.entries(aggregates) as [MetricId, { sum: number; count: number }][]) {
      const line = (lines[metric] ??= [])
      line.push([at, sum / count])
    }
  }
  return lines
}
