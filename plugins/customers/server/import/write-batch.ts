import type { Clock, EventsPort } from '@dcesop/sdk-plugin'
import type { ServiceChanged } from '@dcesop/sdk-plugin/contracts'
import type { PersonDocument } from '../model/person.ts'
import type { ServiceDocument } from '../model/service.ts'
import { serviceRecord } from '../service-record.ts'
import type { CustomerStore } from '../store.ts'
import type { CustomerRecords } from './to-records.ts'

export interface BatchOutcome {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
}

/** Revision of each person of the batch that is stored. */
async function storedRevisions(store: CustomerStore, batch: readonly CustomerRecords[]): Promise<Map<string, string>> {
  const ids = batch.map(({ person }) => person._id)
  const people = await store.people
    .find({ _id: { $in: ids } }, { revision: 1 })
    .lean<Pick<PersonDocument, '_id' | 'revision'>[]>()
  return new Map(people.map(({ _id, revision }) => [_id, revision]))
}

/** Stored services that a batch touches: those that it lists and those that its people have. */
async function storedServices(store: CustomerStore, batch: readonly CustomerRecords[]): Promise<ServiceDocument[]> {
  const listed = batch.flatMap(({ services }) => services.map(({ _id }) => _id))
  const owners = batch.map(({ person }) => person._id)
  const [byId, byOwner] = await Promise.all([
    store.services.find({ _id: { $in: listed } }).lean<ServiceDocument[]>(),
    store.services.find({ customerId: { $in: owners } }).lean<ServiceDocument[]>(),
  ])
  return [...new Map([...byId, ...byOwner].map((service) => [service._id, service])).values()]
}

/** Services that the owner's system no longer lists end; they are kept, since measurements and the timeline point to them. */
function nextServices(stored: readonly ServiceDocument[], batch: readonly CustomerRecords[]): ServiceDocument[] {
  const listed = batch.flatMap(({ services }) => services)
  const ids = new Set(listed.map(({ _id }) => _id))
  const ended = stored.filter(({ _id, status }) => !ids.has(_id) && status !== 'terminated')
  return [...listed, ...ended.map((service) => ({ ...service, status: 'terminated' as const }))]
}

function changes(store: CustomerStore, stored: readonly ServiceDocument[], next: readonly ServiceDocument[]): ServiceChanged[] {
  const facts = new Map(stored.map((service) => [service._id, JSON.stringify(serviceRecord(store.region, service))]))
  return next
    .map((service) => serviceRecord(store.region, service))
    .filter((service) => facts.has(service.id) && facts.get(service.id) !== JSON.stringify(service))
    .map((service) => ({ service }))
}

function replacements<T extends { readonly _id: string }>(documents: readonly T[]) {
  return documents.map((document) => ({
    replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true },
  }))
}

/**
 * Writes a batch in which each customer comes once; unchanged rows write nothing. Timeline and services are written
 * before their person, so that a batch that was cut short and comes again finds the person's revision unwritten and completes. A change of a known
 * service and its event `customers.service-changed/v1` are one transaction; a new service is not announced, since nobody can
 * hold an older copy of it.
 */
export async function writeBatch(
  store: CustomerStore,
  events: EventsPort,
  clock: Clock,
  batch: readonly CustomerRecords[],
): Promise<BatchOutcome> {
  const revisions = await storedRevisions(store, batch)
  const changed = batch.filter(({ person }) => revisions.get(person._id) !== person.revision)
  const created = changed.filter(({ person }) => !revisions.has(person._id)).length
  const outcome = { created, updated: changed.length - created, unchanged: batch.length - changed.length }
  if (changed.length === 0) return outcome

  const stored = await storedServices(store, changed)
  const services = nextServices(stored, changed)
  const announced = changes(store, stored, services)
  const updatedAt = clock.now()
  const people = changed.map(({ person }) => ({ ...person, updatedAt }))
  const entries = changed.flatMap(({ timeline }) => timeline)
  if (entries.length > 0) await store.timeline.bulkWrite(replacements(entries), { ordered: false })
  if (announced.length === 0) {
    if (services.length > 0) await store.services.bulkWrite(replacements(services), { ordered: false })
    await store.people.bulkWrite(replacements(people), { ordered: false })
    return outcome
  }
  await store.transaction(async (session) => {
    await store.services.bulkWrite(replacements(services), { session })
    await store.people.bulkWrite(replacements(people), { session })
    for (const payload of announced) {
      const key = payload.service.customerId
      await events.publish({ topic: 'customers.service-changed/v1', region: store.region, key, payload }, { session })
    }
  })
  return outcome
}
