import type { Identity, Log, PluginContext, RegionId } from '@dcesop/sdk-plugin'
import { notFound } from '@dcesop/sdk-plugin'
import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { Settings } from './config.ts'
import type { Focus } from './focus/focus.ts'
import type { Inventory } from './inventory/inventory.ts'
import type { ThresholdBook } from './metrics/threshold-rules.ts'
import type { Stores } from './stores.ts'
import type { LiveFeed } from './verdict/live-feed.ts'
import type { Neighbours } from './verdict/neighbours.ts'

/** What the routes and jobs of one generation share; made once in `main.ts`. */
export interface Services {
  readonly context: PluginContext<unknown>
  readonly log: Log
  readonly settings: Settings
  readonly book: ThresholdBook
  readonly inventory: Inventory
  readonly focus: Focus
  readonly neighbours: Neighbours
  readonly feed: LiveFeed
  /** @throws Problem 404 when the host does not serve the region */
  stores(region: RegionId): Stores
  now(): Date
}

/** The stores of a region that the identity may touch; any other region answers like one that does not exist. */
export function storesFor(services: Services, identity: Identity, region: RegionId): Stores {
  if (!identity.regions.includes(region)) throw notFound()
  return services.stores(region)
}

/** The services of a customer. @throws Problem 404 when there is no such customer in the region */
export async function servicesOf(
  services: Services,
  region: RegionId,
  customerId: string,
): Promise<readonly ServiceRecord[]> {
  const records = await services.inventory.ofCustomer(region, customerId)
  if (records === undefined) throw notFound()
  return records
}

/** A service by id. @throws Problem 404 when there is no such service in the region */
export async function serviceOf(services: Services, region: RegionId, serviceId: string): Promise<ServiceRecord> {
  const record = (await services.inventory.find(region, [serviceId])).get(serviceId)
  if (record === undefined) throw notFound()
  return record
}
