import type { RegionId, RouteDefinition } from '@dcesop/sdk-plugin'
import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { closed, id, region } from '../schemas.ts'
import { bucketId, bucketStart } from '../series/roll-up-document.ts'
import { servicesOf, storesFor, type Services } from '../services.ts'
import type { Stores } from '../stores.ts'
import { newestStates } from '../verdict/live-samples.ts'
import { cycleAt } from './cycle.ts'
import { summarise, type UsageSummary } from './usage.ts'

interface Shapes {
  Params: { region: RegionId; customerId: string }
}

/** `GET /customers/{region}/{customerId}/usage`: use against allowance in the current cycle of every service. */
export function usageRoute(services: Services): RouteDefinition<Shapes> {
  return {
    method: 'GET',
    path: '/customers/{region}/{customerId}/usage',
    summary: 'Use against allowance with the projected end of the cycle',
    params: closed({ region, customerId: id }),
    async handler(request) {
      const { region: where, customerId } = request.params
      const stores = storesFor(services, request.identity, where)
      const records = await servicesOf(services, where, customerId)
      await request.audit({ action: 'usage.view', region: where, resource: customerId })
      const now = services.now()
      const states = await newestStates(stores, services.book, records)
      const summaries = await Promise.all(records.map((record) => usageOf(stores, record, states.get(record.id), now)))
      return { region: where, customerId, at: now, services: summaries }
    },
  }
}

async function usageOf(
  stores: Stores,
  service: ServiceRecord,
  latest: Parameters<typeof summarise>[1],
  now: Date,
): Promise<UsageSummary> {
  const { start } = cycleAt(now, service.cycleDay, service.timeZone)
  const hours = await stores.hours
    .find({ _id: { $gte: bucketId(service.id, bucketStart('hour', start)), $lte: bucketId(service.id, now) } })
    .toArray()
  return summarise(service, latest, hours, now)
}
