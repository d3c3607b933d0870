import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { ThresholdBook } from '../metrics/threshold-rules.ts'
import { advance, type LatestDocument } from '../series/latest.ts'
import type { Stores } from '../stores.ts'

/** More than the background work can be behind by in a service's fastest rhythm. */
const catchUpRows = 200

/**
 * The newest state of each service with the samples that the background work has not seen yet, so that what was stored a moment ago
 * is in it.
 */
export async function newestStates(
  stores: Stores,
  book: ThresholdBook,
  services: readonly ServiceRecord[],
): Promise<Map<string, LatestDocument>> {
  const ids = services.map((service) => service.id)
  const known = new Map((await stores.latest.find({ _id: { $in: ids } }).toArray()).map((item) => [item._id, item]))
  const states = await Promise.all(
    services.map(async (service) => {
      const before = known.get(service.id)
      const samples = await stores.samples
        .find({ serviceId: service.id, ...(before === undefined ? {} : { at: { $gte: before.at } }) })
        .sort({ at: -1 })
        .limit(catchUpRows)
        .toArray()
      if (samples.length === 0) return before
      return advance(book, service, before, samples).latest
    }),
  )
  return new Map(states.filter((state) => state !== undefined).map((state) => [state._id, state]))
}
