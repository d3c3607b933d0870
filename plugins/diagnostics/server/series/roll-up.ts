import type { AnyBulkWriteOperation, ClientSession } from 'mongodb'
import type { Stores } from '../stores.ts'
import { aggregate, merge, type Aggregates } from './aggregate.ts'
import { bucketId, bucketStart, slotOf, type Resolution, type RollUpDocument } from './roll-up-document.ts'

const minuteMs = 60_000

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
 * after a crash in the middle, gives the same documents. Writes go into the session's transaction, raw samples are read outside.
 */
export async function rollUp(stores: Stores, dirty: readonly DirtyMinute[], session: ClientSession): Promise<void> {
  const minutes = await Promise.all(runsOf(dirty).map((run) => minuteSlots(stores, run)))
  await write(stores.minutes, minutes.flat(), session)
  const hours = await parentSlots(stores.minutes, distinct(dirty, 'hour'), ['minute', 'hour'], session)
  await write(stores.hours, hours, session)
  const days = await parentSlots(stores.hours, distinct(dirty, 'day'), ['hour', 'day'], session)
  await write(stores.days, days, session)
}

/** Dirty minutes of one service that lie close enough together to be read as one range. */
interface Run {
  readonly serviceId: string
  readonly minutes: readonly Date[]
}

/** A gap that is cheaper to read over than to ask twice for; dense sources fill it with a few thousand rows at most. */
const longestGapMs = 2 * 3_600_000

function runsOf(dirty: readonly DirtyMinute[]): Run[] {
  const byService = Map.groupBy(dirty, (item) => item.serviceId)
  return [...byService].flatMap(([serviceId, items]) => {
    const runs: Date[][] = []
    for (const minute of items.map((item) => item.minute).sort((a, b) => a.getTime() - b.getTime())) {
      const run = runs.at(-1)
      const last = run?.at(-1)
      if (run === undefined || last === undefined || minute.getTime() - last.getTime() > longestGapMs)
        runs.push([minute])
      else run.push(minute)
    }
    return runs.map((minutes) => ({ serviceId, minutes }))
  })
}

/** One moment for each (service, slot) that is touched at the resolution. */
function distinct(dirty: readonly DirtyMinute[], resolution: Resolution): DirtyMinute[] {
  const slotKey = (item: DirtyMinute): string =>
    `${bucketId(item.serviceId, bucketStart(resolution, item.minute))}#${slotOf(resolution, item.minute)}`
  return [...new Map(dirty.map((item) => [slotKey(item), item])).values()]
}

async function minuteSlots(stores: Stores, run: Run): Promise<SlotUpdate[]> {
  const [first, last] = [run.minutes[0], run.minutes.at(-1)]
  if (first === undefined || last === undefined) return []
  const samples = await stores.samples
    .find({ serviceId: run.serviceId, at: { $gte: first, $lt: new Date(last.getTime() + minuteMs) } })
    .toArray()
  const byMinute = Map.groupBy(samples, (sample) => Math.floor(sample.at.getTime() / minuteMs))
  return run.minutes.map((minute) => ({
    serviceId: run.serviceId,
    start: bucketStart('minute', minute),
    slot: slotOf('minute', minute),
    aggregates: aggregate(byMinute.get(minute.getTime() / minuteMs) ?? []),
  }))
}

/** The slots of the coarser resolution, each merged from the one bucket below that covers it. */
async function parentSlots(
  children: Stores['minutes'],
  touched: readonly DirtyMinute[],
  [below, resolution]: readonly [Resolution, Resolution],
  session: ClientSession,
): Promise<SlotUpdate[]> {
  const ids = touched.map((item) => bucketId(item.serviceId, bucketStart(below, item.minute)))
  const found = await children.find({ _id: { $in: [...new Set(ids)] } }, { session }).toArray()
  const buckets = new Map(found.map((bucket) => [bucket._id, bucket]))
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

async function write(
  collection: Stores['minutes'],
  updates: readonly SlotUpdate[],
  session: ClientSession,
): Promise<void> {
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
  if (operations.length > 0) await collection.bulkWrite(operations, { session })
}
