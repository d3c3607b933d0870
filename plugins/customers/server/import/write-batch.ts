import type { Clock, EventsPort } from '@dcesop/sdk-plugin'
import type { ServiceChanged } from '@dcesop/sdk-plugin/contracts'
import type { ClientSession, Model } from 'mongoose'
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

function changes(
  store: CustomerStore,
  stored: readonly ServiceDocument[],
  next: readonly ServiceDocument[],
): ServiceChanged[] {
  const facts = new Map(stored.map((service) => [service._id, JSON.stringify(serviceRecord(store.region, service))]))
  return next
    .map((service) => serviceRecord(store.region, service))
    .filter((service) => facts.has(service.id) && facts.get(service.id) !== JSON.stringify(service))
    .map((service) => ({ service }))
}

interface Identified {
  readonly _id: string
}

type Target = Pick<Model<never>, 'collection'>

const duplicateKey = 11_000

/** By the driver: the documents are made by `to-records.ts`, there is nothing left to cast. */
async function replaceAll(target: Target, documents: readonly Identified[], session?: ClientSession): Promise<void> {
  if (documents.length === 0) return
  const operations = documents.map((document) => ({
    replaceOne: { filter: { _id: document._id as never }, replacement: document, upsert: true },
  }))
  await target.collection.bulkWrite(operations, session === undefined ? { ordered: false } : { session })
}

/** Inserts what is new, which is cheaper than replacing; documents that another import wrote meanwhile are replaced. */
async function writeAll(
  target: Target,
  documents: readonly Identified[],
  isStored: (document: Identified) => boolean,
): Promise<void> {
  const fresh = documents.filter((document) => !isStored(document))
  await replaceAll(target, documents.filter(isStored))
  if (fresh.length === 0) return
  try {
    await target.collection.insertMany(fresh as never[], { ordered: false })
  } catch (error) {
    if ((error as { code?: unknown }).code !== duplicateKey) throw error
    await replaceAll(target, fresh)
  }
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
  const storedIds = new Set(stored.map(({ _id }) => _id))
  const knownPeople = changed.filter(({ person }) => revisions.has(person._id))
  const knownEntries = new Set(knownPeople.flatMap(({ timeline }) => timeline.map(({ _id }) => _id)))
  const timeline = changed.flatMap((records) => records.timeline)
  await writeAll(store.timeline, timeline, ({ _id }) => knownEntries.has(_id))
  if (announced.length === 0) {
    await writeAll(store.services, services, ({ _id }) => storedIds.has(_id))
    await writeAll(store.people, people, ({ _id }) => revisions.has(_id))
    return outcome
  }
  await store.transaction(async (session) => {
    await replaceAll(store.services, services, session)
    await replaceAll(store.people, people, session)
    for (const payload of announced) {
      const key = payload.service.customerId
      await events.publish({ topic: 'customers.service-changed/v1', region: store.region, key, payload }, { session })
    }
  })
  return outcome
}
