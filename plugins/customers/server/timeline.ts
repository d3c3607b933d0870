import { Problem, type DomainEvent, type RealtimePort } from '@dcesop/sdk-plugin'
import type { TimelineEntry, TimelineEntryAdded } from '@dcesop/sdk-plugin/contracts'
import { timelineId } from './model/ids.ts'
import type { TimelineDocument } from './model/timeline.ts'
import type { CustomerStore, CustomerStores } from './store.ts'
import { isTimelineEvent } from './timeline-event.ts'

/** Its keys are ids of customers. */
export const timelineTopic = 'customers.timeline'

/** An entry as screens get it; notes carry `text` and `author`. */
export type TimelineItem = TimelineEntry & { readonly text?: string; readonly author?: string }

export interface TimelinePage {
  readonly entries: readonly TimelineItem[]
  /** Gives the next older entries; absent at the end. */
  readonly cursor?: string
}

function item(entry: TimelineDocument): TimelineItem {
  const { _id: id, at, kind, channel, titleKey, values, title, text, author } = entry
  return {
    id,
    at: at.toISOString(),
    kind,
    channel,
    titleKey,
    ...(values === undefined ? {} : { values }),
    ...(title === undefined ? {} : { title }),
    ...(text === undefined ? {} : { text }),
    ...(author === undefined ? {} : { author }),
  }
}

function readCursor(cursor: string): { at: Date; id: string } {
  const match = /^(-?\d{1,15})\.(t_[0-9a-z]{20})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (match === null) throw new Problem(400, 'invalid_cursor', 'The cursor is not one that this list gave.')
  return { at: new Date(Number(match[1])), id: match[2] as string }
}

/**
 * Entries of a customer, newest first.
 * @param cursor as an earlier page gave it; @throws Problem 400 `invalid_cursor` for any other
 */
export async function timelinePage(
  store: CustomerStore,
  customerId: string,
  options: { cursor?: string; channel?: TimelineEntry['channel']; limit: number },
): Promise<TimelinePage> {
  const after = options.cursor === undefined ? undefined : readCursor(options.cursor)
  const found = await store.timeline
    .find({
      customerId,
      ...(options.channel === undefined ? {} : { channel: options.channel }),
      ...(after === undefined
        ? {}
        : { at: { $lte: after.at }, $or: [{ at: { $lt: after.at } }, { _id: { $lt: after.id } }] }),
    })
    .sort({ at: -1, _id: -1 })
    .limit(options.limit + 1)
    .lean<TimelineDocument[]>()
  const entries = found.slice(0, options.limit)
  const last = found.length > options.limit ? entries.at(-1) : undefined
  const cursor = last && Buffer.from(`${last.at.getTime()}.${last._id}`).toString('base64url')
  return { entries: entries.map(item), ...(cursor === undefined ? {} : { cursor }) }
}

/** Whether a region keeps such a customer. @param store undefined for a region without customers */
export async function isCustomer(store: CustomerStore | undefined, id: string): Promise<boolean> {
  return store !== undefined && (await store.people.exists({ _id: id })) !== null
}

/** Adds the entry once, whatever how often it comes, and tells open screens. Returns the entry as stored. */
export async function addEntry(
  store: CustomerStore,
  realtime: RealtimePort,
  entry: TimelineDocument,
): Promise<{ item: TimelineItem; added: boolean }> {
  const { _id, ...fields } = entry
  const result = await store.timeline.updateOne({ _id }, { $setOnInsert: fields }, { upsert: true })
  const added = result.upsertedCount === 1
  if (added) {
    realtime.publish(timelineTopic, { region: store.region, key: entry.customerId, payload: { entry: item(entry) } })
    return { item: item(entry), added }
  }
  const stored = await store.timeline.findById(_id).lean<TimelineDocument>()
  return { item: item(stored ?? entry), added }
}

/**
 * Takes `customers.timeline-entry/v1` of other plugins. Entries for customers that are not kept here are dropped: they cannot
 * be delivered later either. @throws Problem 422 `invalid_entry` for an entry that breaks the contract
 */
export async function takeEntry(
  stores: CustomerStores,
  realtime: RealtimePort,
  event: DomainEvent<TimelineEntryAdded>,
): Promise<void> {
  const { payload } = event
  if (!isTimelineEvent(payload)) throw new Problem(422, 'invalid_entry', `Event ${event.id} holds no timeline entry.`)
  const store = stores.get(event.region)
  const { customerId, entry } = payload
  if (store === undefined || !(await isCustomer(store, customerId))) return
  const { at, kind, channel, titleKey, values, title } = entry
  await addEntry(store, realtime, {
    _id: timelineId(customerId, event.id),
    customerId,
    at: new Date(at),
    kind,
    channel,
    titleKey,
    ...(values === undefined ? {} : { values }),
    ...(title === undefined ? {} : { title }),
  })
}
