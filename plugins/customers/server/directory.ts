import { Problem, type RegionId } from '@dcesop/sdk-plugin'
import type { CustomersDirectory, ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { ServiceDocument } from './model/service.ts'
import { serviceRecord } from './service-record.ts'
import type { CustomerStores } from './store.ts'

const mostIds = 1_000
const mostOnElement = 100_000

function bounded(limit: number, most: number): number {
  return Math.min(Math.max(1, Math.trunc(limit)), most)
}

/** Capability `customers.directory` 1.0.0. A region without customers answers as if it had none. */
export function customersDirectory(stores: CustomerStores): CustomersDirectory {
  return {
    async servicesOf(region: RegionId, customerId: string): Promise<readonly ServiceRecord[] | undefined> {
      const store = stores.get(region)
      if (store === undefined) return undefined
      const services = await store.services
        .find({ customerId: String(customerId) })
        .sort({ _id: 1 })
        .lean<ServiceDocument[]>()
      if (services.length > 0) return services.map((service) => serviceRecord(region, service))
      return (await store.people.exists({ _id: String(customerId) })) === null ? undefined : []
    },

    async services(region: RegionId, serviceIds: readonly string[]): Promise<readonly (ServiceRecord | undefined)[]> {
      if (serviceIds.length > mostIds) {
        throw new Problem(422, 'too_many_ids', `At most ${mostIds} services can be asked for at once.`)
      }
      const store = stores.get(region)
      const found =
        store === undefined
          ? []
          : await store.services.find({ _id: { $in: serviceIds.map(String) } }).lean<ServiceDocument[]>()
      const byId = new Map(found.map((service) => [service._id, serviceRecord(region, service)]))
      return serviceIds.map((id) => byId.get(id))
    },

    async servicesOn(region: RegionId, networkElementId: string, limit = 500): Promise<readonly string[]> {
      const store = stores.get(region)
      if (store === undefined) return []
      const services = await store.services
        .find({ 'networkElement.id': String(networkElementId), status: 'active' }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(bounded(limit, mostOnElement))
        .lean<Pick<ServiceDocument, '_id'>[]>()
      return services.map(({ _id }) => _id)
    },

    async listServices(
      region: RegionId,
      afterServiceId: string | undefined,
      limit: number,
    ): Promise<readonly ServiceRecord[]> {
      const store = stores.get(region)
      if (store === undefined) return []
      const services = await store.services
        .find(afterServiceId === undefined ? {} : { _id: { $gt: String(afterServiceId) } })
        .sort({ _id: 1 })
        .limit(bounded(limit, mostIds))
        .lean<ServiceDocument[]>()
      return services.map((service) => serviceRecord(region, service))
    },
  }
}
