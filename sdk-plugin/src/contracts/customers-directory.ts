import type { RegionId } from '../backend/identity.ts'

export type Technology = 'mobile' | 'fibre'

/** What the plan promises, in the units of the metrics; absent when the plan promises nothing of the kind. */
export interface PlanPromise {
  readonly downMbps?: number
  readonly upMbps?: number
  readonly latencyMs?: number
  /** Data allowance per cycle in GB (10^9 bytes); absent is unlimited. */
  readonly dataGb?: number
}

/** A line or fixed service of a customer, as the inventory knows it. */
export interface ServiceRecord {
  readonly id: string
  readonly customerId: string
  readonly region: RegionId
  readonly technology: Technology
  readonly status: 'active' | 'suspended' | 'terminated'
  /** Why it is suspended, for example `payment_overdue`. */
  readonly statusReason?: string
  /** Serving cell (mobile) or OLT port (fibre) that neighbours share. */
  readonly networkElement: { readonly kind: 'cell' | 'olt'; readonly id: string; readonly site: string }
  readonly plan: { readonly id: string; readonly name: string; readonly promise: PlanPromise }
  /** Masked number or access id that a person recognises, for example `+55 11 9••••-4321`. */
  readonly label: string
  /** Day of month on which the billing cycle starts, 1 to 28. */
  readonly cycleDay: number
  /** IANA time zone of the customer's site. */
  readonly timeZone: string
}

/** Capability `customers.directory` version 1. All reads are confined to one region. */
export interface CustomersDirectory {
  /** Services of one customer; undefined when there is no such customer in the region. */
  servicesOf(region: RegionId, customerId: string): Promise<readonly ServiceRecord[] | undefined>
  /** Records in the order of the ids; undefined where there is none. At most 1,000 ids. */
  services(region: RegionId, serviceIds: readonly string[]): Promise<readonly (ServiceRecord | undefined)[]>
  /** Ids of the active services on one cell or OLT, at most `limit` (default 500), in a stable order. */
  servicesOn(region: RegionId, networkElementId: string, limit?: number): Promise<readonly string[]>
  /**
   * The whole inventory page by page, for machines: services in ascending order of id, after `afterServiceId`
   * (undefined starts at the first), at most `limit` (1 to 1,000).
   */
  listServices(region: RegionId, afterServiceId: string | undefined, limit: number): Promise<readonly ServiceRecord[]>
}

/** Payload of event topic `customers.service-changed/v1`. */
export interface ServiceChanged {
  readonly service: ServiceRecord
}
