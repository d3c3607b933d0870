import { notFound, type DataPort, type Identity, type RegionData, type RegionId } from '@dcesop/sdk-plugin'
import type { Model } from 'mongoose'
import { personSchema, type PersonDocument } from './model/person.ts'
import { serviceSchema, type ServiceDocument } from './model/service.ts'
import { timelineSchema, type TimelineDocument } from './model/timeline.ts'
import { regionProfile, type RegionProfile } from './regions.ts'

/** The customers of one region. */
export interface CustomerStore {
  readonly region: RegionId
  readonly profile: RegionProfile
  readonly people: Model<PersonDocument>
  readonly services: Model<ServiceDocument>
  readonly timeline: Model<TimelineDocument>
  readonly transaction: RegionData['transaction']
}

export interface CustomerStores {
  readonly regions: readonly RegionId[]
  /** Undefined where the host or this plugin keeps no customers. */
  get(region: RegionId): CustomerStore | undefined
  /** The store of a region that the identity may see. @throws Problem 404, the same for an unknown and a foreign region. */
  for(identity: Identity, region: RegionId): CustomerStore
}

/** Opens the collections of every region that the host serves and that this plugin knows. */
export function openStores(data: DataPort): CustomerStores {
  const stores = new Map<RegionId, CustomerStore>()
  for (const region of data.regions) {
    const profile = regionProfile(region)
    if (profile === undefined) continue
    const own = data.region(region)
    stores.set(region, {
      region,
      profile,
      people: own.model('customers_people', personSchema),
      services: own.model('customers_services', serviceSchema),
      timeline: own.model('customers_timeline', timelineSchema),
      transaction: (work) => own.transaction(work),
    })
  }
  return {
    regions: [...stores.keys()],
    get: (region) => stores.get(region),
    for(identity, region) {
      const store = identity.regions.includes(region) ? stores.get(region) : undefined
      if (store === undefined) throw notFound()
      return store
    },
  }
}
