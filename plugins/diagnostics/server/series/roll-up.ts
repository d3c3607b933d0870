import type { AnyBulkWriteOperation } from 'mongodb'
import type { Stores } from '../stores.ts'
import { aggregate, merge, type Aggregates } from './aggregate.ts'
import { bucketId, bucketStart, slotOf, type Resolution, type RollUpDocument } from './roll-up-document.ts'
import type { SampleDocument } from './sample.ts'

/** A minute of a service whose roll-ups may be out of date. */
export interface DirtyMinute {
  readonly serviceId: string
  /** Start of the minute. */
  readonly minute: Date
}

/** Which slot of which bucket is to be written. */
interface SlotUpdate {
  readonly serviceId: string
  readonly start: Date
  readonly slot: number
  readonly aggregates: Aggregates
}

/**
 * Recomputes the roll-ups of the minutes from the raw samples, and the hours and days from what lies below. Running it again, or
 * after a crash in the middle, gives the same documents.
 */
export async function rollUp(stores: Stores, dirty: readonly DirtyMinute[]): Promise<void> {
  const minutes = await Promise.all(byBucket(dirty, 'minute').map((group) => minuteSlots(stores, group)))
  await write(stores.minutes, minutes.flat())
  const hours = distinct(dirty, 'hour')
  await write(stores.hours, await parentSlots(stores.minutes, hours, 'minute', 'hour'))
  await write(stores.days, await parentSlots(stores.hours, distinct(dirty, 'day'), 'hour', 'day'))
}

interface Bucket {
  readonly serviceId: string
  readonly start: Date
  readonly moments: readonly Date[]
}

function byBucket(dirty: readonly DirtyMinute[], resolution: Resolution): Bucket[] {
  const groups = Map.groupBy(dirty, (item) => bucketId(item.serviceId, bucketStart(resolution, item.minute)))
  return [...groups.values()].flatMap(([first, ...rest]) =>
    first === undefined
      ? []
      : [
          {
            serviceId: first.serviceId,
            start: bucketStart(resolution, first.minute),
            moments: [first, ...rest].map((item) => item.minute),
          },
        ],
  )
}

/** One moment for each (service, slot) that is touched at the resolution. */
function distinct(dirty: readonly DirtyMinute[], resolution: Resolution): DirtyMinute[] {
  const slotKey = (item: DirtyMinute): string =>
    `${bucketId(item.serviceId, bucketStart(resolution, item.minute))}#${slotOf(resolution, item.minute)}`
  return [...new Map(dirty.map((item) => [slotKey(item), item])).values()]
}

async function minuteSlots(stores: Stores, bucket: Bucket): Promise<SlotUpdate[]> {
  const times = bucket.moments.map((moment) => moment.getTime())
  const samples = await stores.samples
    .find({
      serviceId: bucket.serviceId,
      at: { $gte: new Date(Math.min(...times)), $lt: new Date(Math.max(...times) + 60_000) },
    })
    .toArray()
  const bySlot = Map.groupBy(samples, (sample: SampleDocument) => slotOf('minute', sample.at))
  return [...new Set(bucket.moments.map((moment) => slotOf('minute', moment)))].map((slot) => ({
    serviceId: bucket.serviceId,
    start: bucket.start,
    slot,
    aggregates: aggregate(bySlot.get(slot) ?? []),
  }))
}

/** The slots of the coarser resolution, each merged from the one bucket below that covers it. */
async function parentSlots(
  children: Stores['minutes'],
  touched: readonly DirtyMinute[],
  below: Resolution,
  resolution: Resolution,
): Promise<SlotUpdate[]> {
  const ids = touched.map((item) => bucketId(item.serviceId, bucketStart(below, item.minute)))
  const buckets = new Map((await children.find({ _id: { $in: ids } }).toArray()).map((bucket) => [bucket._id, bucket]))
  return touched.map((item) => ({
    serviceId: item.serviceId,
    start: bucketStart(resolution, item.minute),
    slot: slotOf(resolution, item.minute),
    aggregates: mergeSlots(buckets.get(bucketId(item.serviceId, bucketStart(below, item.minute)))),
  }))
}

function mergeSlots(bucket: RollUpDocument | undefined): Aggregates {
  const inOrder = Object.entries(bucket?.slots ?? {}).sort(([a], [b]) => Number(a) - Number(b))
  return inOrder.reduce<Aggregates>((sum, [, slot]) => merge(sum, slot), {})
}

async function write(collection: Stores['minutes'], updates: readonly SlotUpdate[]): Promise<void> {
  const byDocument = Map.groupBy(updates, (update) => bucketId(update.serviceId, update.start))
  const operations = [...byDocument].map(([_id, slots]): AnyBulkWriteOperation<RollUpDocument> => ({
    updateOne: {
      filter: { _id },
      update: {
        $set: Object.fromEntries(slots.map((update) => [`slots.${update.slot}`, update.aggregates])),
        $setOnInsert: { serviceId: slots[0]?.serviceId, start: slots[0]?.start },
      } as never,
      upsert: true,
    },
  }))
  if (operations.length > 0) await collection.bulkWrite(operations, { ordered: false })
}
