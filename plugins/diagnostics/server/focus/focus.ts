import type { RegionId } from '@dcesop/sdk-plugin'
import type { Stores } from '../stores.ts'

/** A service that somebody looks at: its machines measure fast until then. */
export interface FocusDocument {
  /** Service id. */
  readonly _id: string
  readonly customerId: string
  readonly until: Date
}

/** How long one look keeps a service in focus, and how often it is then measured. */
const focusMs = 60_000
export const focusIntervalMs = 2_000
const refreshMs = 1_000

/** Which services are watched. Kept in the database for all nodes, and near for the hot path. */
export class Focus {
  readonly #stores: (region: RegionId) => Stores
  readonly #now: () => number
  readonly #regions = new Map<RegionId, { readAt: number; until: Map<string, number> }>()

  constructor(stores: (region: RegionId) => Stores, now: () => number) {
    this.#stores = stores
    this.#now = now
  }

  /** Asks for fast measurements of the services from now on for a minute. */
  async watch(
    region: RegionId,
    services: readonly { readonly id: string; readonly customerId: string }[],
  ): Promise<void> {
    const until = this.#now() + focusMs
    if (services.length === 0) return
    await this.#stores(region).focus.bulkWrite(
      services.map((service) => ({
        updateOne: {
          filter: { _id: service.id },
          update: { $set: { customerId: service.customerId }, $max: { until: new Date(until) } },
          upsert: true,
        },
      })),
      { ordered: false },
    )
    const near = this.#near(region)
    for (const service of services) near.until.set(service.id, until)
  }

  /** Services in focus now, from the database. */
  async list(region: RegionId): Promise<FocusDocument[]> {
    return this.#stores(region)
      .focus.find({ until: { $gt: new Date(this.#now()) } })
      .toArray()
  }

  /** The subset that is in focus, at most a second old. */
  async among(region: RegionId, serviceIds: ReadonlySet<string>): Promise<Set<string>> {
    const near = this.#near(region)
    const now = this.#now()
    if (now - near.readAt >= refreshMs) {
      near.readAt = now
      near.until = new Map((await this.list(region)).map((entry) => [entry._id, entry.until.getTime()]))
    }
    return new Set([...serviceIds].filter((id) => (near.until.get(id) ?? 0) > now))
  }

  #near(region: RegionId): { readAt: number; until: Map<string, number> } {
    const known = this.#regions.get(region)
    if (known !== undefined) return known
    const fresh = { readAt: 0, until: new Map<string, number>() }
    this.#regions.set(region, fresh)
    return fresh
  }
}
