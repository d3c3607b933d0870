import type { ServiceChanged } from '@dcesop/sdk-plugin/contracts'
import type { ServiceDocument } from '../model/service.ts'
import { serviceRecord } from '../service-record.ts'
import type { CustomerStore } from '../store.ts'
import type { CustomerRecords } from './to-records.ts'

export interface ServiceChanges {
  readonly created: readonly ServiceDocument[]
  readonly updated: readonly ServiceDocument[]
  /** Changes of what other plugins know of a service; a new service is not announced, nobody can hold an older copy of it. */
  readonly announced: readonly ServiceChanged[]
}

/** Stored services that the records touch: those that they list and those that their people have. */
async function storedServices(store: CustomerStore, records: readonly CustomerRecords[]): Promise<ServiceDocument[]> {
  const listed = records.flatMap(({ services }) => services.map(({ _id }) => _id))
  const owners = records.map(({ person }) => person._id)
  const [byId, byOwner] = await Promise.all([
    store.services.find({ _id: { $in: listed } }).lean<ServiceDocument[]>(),
    store.services.find({ customerId: { $in: owners } }).lean<ServiceDocument[]>(),
  ])
  return [...new Map([...byId, ...byOwner].map((service) => [service._id, service])).values()]
}

/**
 * What to write so that the store has the services of the records. Services that the owner's system no longer lists end; they
 * are kept, since measurements and the timeline point to them.
 */
export async function serviceChanges(
  store: CustomerStore,
  records: readonly CustomerRecords[],
): Promise<ServiceChanges> {
  const stored = new Map((await storedServices(store, records)).map((service) => [service._id, service]))
  const listed = records.flatMap(({ services }) => services)
  const ids = new Set(listed.map(({ _id }) => _id))
  const ended = [...stored.values()]
    .filter(({ _id, status }) => !ids.has(_id) && status !== 'terminated')
    .map((service) => ({ ...service, status: 'terminated' as const }))
  const differs = (service: ServiceDocument, view: (one: ServiceDocument) => object): boolean => {
    const before = stored.get(service._id)
    return before !== undefined && JSON.stringify(view(before)) !== JSON.stringify(view(service))
  }
  const record = (service: ServiceDocument) => serviceRecord(store.region, service)
  const next = [...listed, ...ended]
  return {
    created: listed.filter(({ _id }) => !stored.has(_id)),
    updated: next.filter((service) => differs(service, (one) => one)),
    announced: next.filter((service) => differs(service, record)).map((service) => ({ service: record(service) })),
  }
}
