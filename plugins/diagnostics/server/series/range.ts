import { Problem } from '@dcesop/sdk-plugin'
import type { Retention } from '../config.ts'
import type { MetricId } from '../metrics/catalogue.ts'
import type { Stores } from '../stores.ts'
import type { Aggregates } from './aggregate.ts'
import { inOrder } from './sample.ts'
import { bucketId, bucketStart, slotStart, type Resolution } from './roll-up-document.ts'

export type RangeResolution = 'raw' | Resolution

export interface Point {
  readonly at: Date
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly max: number
  readonly last: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const widthMs: Record<Resolution, number> = { minute: minuteMs, hour: hourMs, day: dayMs }
const maxPoints = 2_000

/** From when on each resolution is still there. */
export type Kept = Readonly<Record<RangeResolution, Date>>

export function keptSince(now: Date, { rawHours, minuteDays, hourDays, dayDays }: Retention): Kept {
  const before = (ms: number): Date => new Date(now.getTime() - ms)
  return {
    raw: before(rawHours * hourMs),
    minute: before(minuteDays * dayMs),
    hour: before(hourDays * dayMs),
    day: before(dayDays * dayMs),
  }
}

/** The finest resolution that shows the span with at most about 750 points and is still there at its beginning. */
export function autoResolution(from: Date, to: Date, kept: Kept): RangeResolution {
  const span = to.getTime() - from.getTime()
  // Buckets go as a whole, by their beginning.
  const isThere = (resolution: Resolution): boolean => bucketStart(resolution, from) >= kept[resolution]
  if (span <= 10 * minuteMs && from >= kept.raw) return 'raw'
  if (span <= 12 * hourMs && isThere('minute')) return 'minute'
  if (span <= 31 * dayMs && isThere('hour')) return 'hour'
  return 'day'
}

interface Range {
  readonly serviceId: string
  readonly metric: MetricId
  readonly from: Date
  readonly to: Date
}

/**
 * One metric of one service between two moments, `from` included and `to` not, in the order of time. `auto` takes a resolution that
 * fits, which is minutes where a dense source sent more raw samples than one answer holds.
 * @throws Problem 400 `range_too_large` when the span has more than 2,000 samples or slots of the resolution
 */
export async function readRange(
  stores: Stores,
  query: Range & { readonly resolution: RangeResolution | 'auto' },
  kept: Kept,
): Promise<{ resolution: RangeResolution; points: Point[] }> {
  const { resolution: asked, from, to } = query
  const resolution = asked === 'auto' ? autoResolution(from, to, kept) : asked
  if (resolution !== 'raw') return { resolution, points: await readPoints(stores, { ...query, resolution }) }
  const points = await readRaw(stores, query)
  if (points.length <= maxPoints) return { resolution, points }
  if (asked === 'raw') throw tooLarge('raw')
  return { resolution: 'minute', points: await readPoints(stores, { ...query, resolution: 'minute' }) }
}

async function readPoints(stores: Stores, query: Range & { readonly resolution: Resolution }): Promise<Point[]> {
  const slots = await readSlots(stores, query)
  return slots.flatMap(({ at, aggregates }) => {
    const known = aggregates[query.metric]
    if (known === undefined) return []
    const { count, sum, min, max, last } = known
    return [{ at, count, mean: sum / count, min, max, last }]
  })
}

/** All metrics of one service slot by slot. @throws as `readRange` */
export async function readSlots(
  stores: Stores,
  query: { serviceId: string; from: Date; to: Date; resolution: Resolution },
): Promise<{ at: Date; aggregates: Aggregates }[]> {
  const { serviceId, from, to, resolution } = query
  if ((to.getTime() - from.getTime()) / widthMs[resolution] > maxPoints) {
    throw tooLarge(resolution)
  }
  const collection = { minute: stores.minutes, hour: stores.hours, day: stores.days }[resolution]
  const buckets = await collection
    .find({ _id: { $gte: bucketId(serviceId, bucketStart(resolution, from)), $lt: bucketId(serviceId, to) } })
    .sort({ _id: 1 })
    .toArray()
  return buckets.flatMap((bucket) =>
    Object.entries(bucket.slots)
      .map(([slot, aggregates]) => ({ at: slotStart(resolution, bucket.start, Number(slot)), aggregates }))
      .filter(({ at }) => at.getTime() + widthMs[resolution] > from.getTime() && at < to)
      .sort((a, b) => a.at.getTime() - b.at.getTime()),
  )
}

function tooLarge(resolution: RangeResolution): Problem {
  const what = resolution === 'raw' ? 'raw samples' : `points of one ${resolution}`
  const detail = `More than ${maxPoints} ${what}; ask for a coarser resolution or a shorter range.`
  return new Problem(400, 'range_too_large', detail)
}

/** One more than may be shown tells that there are too many. */
async function readRaw(stores: Stores, { serviceId, metric, from, to }: Range): Promise<Point[]> {
  const samples = await stores.samples
    .find({ serviceId, at: { $gte: from, $lt: to }, [`metrics.${metric}`]: { $exists: true } })
    .sort({ at: 1 })
    .limit(maxPoints + 1)
    .toArray()
  return samples.sort(inOrder).flatMap((sample) => {
    const value = sample.metrics[metric]
    return value === undefined ? [] : [{ at: sample.at, count: 1, mean: value, min: value, max: value, last: value }]
  })
}
