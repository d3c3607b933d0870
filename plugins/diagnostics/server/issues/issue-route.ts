import type { RegionId, RouteDefinition } from '@dcesop/sdk-plugin'
import { closed, id, region } from '../schemas.ts'
import { servicesOf, storesFor, type Services } from '../services.ts'
import { issueView } from '../verdict/issue-view.ts'
import { issuesOf } from './issue-store.ts'

interface Shapes {
  Params: { region: RegionId; customerId: string }
  Query: { limit?: number }
}

/** `GET /customers/{region}/{customerId}/issues`: detected issues, open and past, newest first. */
export function issueRoute(services: Services): RouteDefinition<Shapes> {
  return {
    method: 'GET',
    path: '/customers/{region}/{customerId}/issues',
    summary: 'Detected issues of a customer with their evidence',
    params: closed({ region, customerId: id }),
    query: closed({ limit: { type: 'integer', minimum: 1, maximum: 200 } }, ['limit']),
    async handler(request) {
      const { region: where, customerId } = request.params
      const stores = storesFor(services, request.identity, where)
      await servicesOf(services, where, customerId)
      await request.audit({ action: 'issues.view', region: where, resource: customerId })
      const issues = await issuesOf(stores, customerId, { openOnly: false, limit: request.query.limit ?? 50 })
      return { region: where, customerId, issues: issues.map(issueView) }
    },
  }
}
