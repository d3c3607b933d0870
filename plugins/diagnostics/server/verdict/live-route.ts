import type { RegionId, RouteDefinition } from '@dcesop/sdk-plugin'
import { closed, id, region } from '../schemas.ts'
import { servicesOf, storesFor, type Services } from '../services.ts'
import { liveView } from './live-view.ts'

interface Shapes {
  Params: { region: RegionId; customerId: string }
}

/** `GET /customers/{region}/{customerId}/live`: verdict, tiles, issues and incidents; asks for fast measurements as well. */
export function liveRoute(services: Services): RouteDefinition<Shapes> {
  return {
    method: 'GET',
    path: '/customers/{region}/{customerId}/live',
    summary: 'How every service of a customer behaves now',
    params: closed({ region, customerId: id }),
    async handler(request) {
      const { region: where, customerId } = request.params
      const stores = storesFor(services, request.identity, where)
      const records = await servicesOf(services, where, customerId)
      await request.audit({ action: 'diagnostics.view', region: where, resource: customerId })
      await services.focus.watch(
        where,
        records.filter((record) => record.status === 'active'),
      )
      return liveView(stores, customerId, records, {
        book: services.book,
        neighbours: services.neighbours,
        staleMs: services.settings.staleMs,
        showUsage: request.identity.permissions.has('diagnostics:usage'),
        now: services.now(),
      })
    },
  }
}
