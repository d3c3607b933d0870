import { LRUCache } from 'lru-cache'
import type { RegionId } from '@dcesop/sdk-plugin'
import type { CustomersDirectory, ServiceRecord } from '@dcesop/sdk-plugin/contracts'

/** How long a record, or the fact that there is none, is believed without hearing of a change. */
const knownMs = 10 * 60_000
const unknownMs = 10_000
const capacity = 50_000
const pageSize = 1000

/** The service inventory as the directory capability tells it, kept near for the hot path of ingest. */
export class Inventory {
  readonly #directory: CustomersDirectory
  readonly #cache = new LRUCache<string, { readonly record: ServiceRecord | undefined }>({ max: capacity })

  constructor(directory: CustomersDirectory) {
    this.#directory = directory
  }

  /** Records by id; ids that the region does not know are missing from the map. */
  async find(region: RegionId, ids: Iterable<string>): Promise<Map<string, ServiceRecord>> {
    const found = new Map<string, ServiceRecord>()
    const missing: string[] = []
    for (const id of new Set(ids)) {
      const hit = this.#cache.get(cacheKey(region, id))
      if (hit === undefined) missing.push(id)
      else if (hit.record !== undefined) found.set(id, hit.record)
    }
    for (let start = 0; start < missing.length; start += pageSize) {
      const page = missing.slice(start, start + pageSize)
      const records = await this.#directory.services(region, page)
      page.forEach((id, index) => {
        const record = records[index]
        this.#keep(region, id, record)
        if (record !== undefined) found.set(id, record)
      })
    }
    return found
  }

  /** Takes in a change that the directory announced. */
  changed(record: ServiceRecord): void {
    this.#keep(record.region, record.id, record)
  }

  /** Always asks the directory: a page of one customer must not be built from old records. */
  async ofCustomer(region: RegionId, customerId: string): Promise<readonly ServiceRecord[] | undefined> {
    const records = await this.#directory.servicesOf(region, customerId)
    for (const record of records ?? []) this.#keep(region, record.id, record)
    return records
  }

  /** Ids of the active services on one cell or OLT, all of them. */
  async on(region: RegionId, elementId: string): Promise<readonly string[]> {
    return this.#directory.servicesOn(region, elementId, 100_000)
  }

  /** The whole inventory of a region, a page at a time. */
  async *pages(region: RegionId): AsyncGenerator<readonly ServiceRecord[]> {
    let after: string | undefined
    for (;;) {
      const page = await this.#directory.listServices(region, after, pageSize)
      if (page.length > 0) yield page
      if (page.length < pageSize) return
      after = page.at(-1)?.id
    }
  }

  #keep(region: RegionId, id: string, record: ServiceRecord | undefined): void {
    this.#cache.set(cacheKey(region, id), { record }, { ttl: record === undefined ? unknownMs : knownMs })
  }
}

const cacheKey = (region: RegionId, id: string): string => `${region}/${id}`
