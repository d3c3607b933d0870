import type { Clock, EventsPort } from '@dcesop/sdk-plugin'
import type { PersonDocument } from '../model/person.ts'
import type { TimelineDocument } from '../model/timeline.ts'
import type { CustomerStore } from '../store.ts'
import { serviceChanges } from './service-changes.ts'
import type { CustomerRecords } from './to-records.ts'
import { insertAll, replaceAll } from './write-documents.ts'

/** Customers whose changes go into one transaction: short ones do not hold up others. */
const perTransaction = 50

export interface BatchOutcome {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
}

export interface WriteParts {
  readonly store: CustomerStore
  readonly events: EventsPort
  readonly clock: Clock
}

/** Revision of each person of the batch that is stored. */
async function storedRevisions(store: CustomerStore, batch: readonly CustomerRecords[]): Promise<Map<string, string>> {
  const ids = batch.map(({ person }) => person._id)
  const people = await store.people
    .find({ _id: { $in: ids } }, { revision: 1 })
    .lean<Pick<PersonDocument, '_id' | 'revision'>[]>()
  return new Map(people.map(({ _id, revision }) => [_id, revision]))
}

/** Entries never change: what is stored stays. */
async function addEntries(store: CustomerStore, records: readonly CustomerRecords[]): Promise<void> {
  const entries = records.flatMap(({ timeline }) => timeline)
  const ids = entries.map(({ _id }) => _id)
  const stored = await store.timeline.find({ _id: { $in: ids } }, { _id: 1 }).lean<Pick<TimelineDocument, '_id'>[]>()
  const known = new Set(stored.map(({ _id }) => _id))
  await insertAll(
    store.timeline,
    entries.filter(({ _id }) => !known.has(_id)),
  )
}

/**
 * Writes customers that are all new or all known. Timeline and services come before the people, so that what was cut short and
 * comes again finds their revisions unwritten and completes. Changed services, people and events are one transaction.
 */
async function write(
  { store, events, clock }: WriteParts,
  records: readonly CustomerRecords[],
  known: boolean,
): Promise<void> {
  await addEntries(store, records)
  const { created, updated, announced } = await serviceChanges(store, records)
  const updatedAt = clock.now()
  const people = records.map(({ person }) => ({ ...person, updatedAt }))
  await insertAll(store.services, created)
  if (updated.length === 0) {
    await (known ? replaceAll(store.people, people) : insertAll(store.people, people))
    return
  }
  await store.transaction(async (session) => {
    await replaceAll(store.services, updated, session)
    await replaceAll(store.people, people, session)
    for (const payload of announced) {
      const key = payload.service.customerId
      const event = { topic: 'customers.service-changed/v1', region: store.region, key, payload }
      await events.publish(event, { session })
    }
  })
}

/** Writes a batch in which each customer comes once; unchanged rows write nothing. */
export async function writeBatch(parts: WriteParts, batch: readonly CustomerRecords[]): Promise<BatchOutcome> {
  const revisions = await storedRevisions(parts.store, batch)
  const created = batch.filter(({ person }) => !revisions.has(person._id))
  const updated = batch.filter(({ person: { _id, revision } }) => (revisions.get(_id) ?? revision) !== revision)
  if (created.length > 0) await write(parts, created, false)
  for (let start = 0; start < updated.length; start += perTransaction) {
    await write(parts, updated.slice(start, start + perTransaction), true)
  }
  return {
    created: created.length,
    updated: updated.length,
    unchanged: batch.length - created.length - updated.length,
  }
}
