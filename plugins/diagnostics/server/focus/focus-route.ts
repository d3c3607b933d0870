import type { RegionId, RouteDefinition } from '@dcesop/sdk-plugin'
import { closed, region } from '../schemas.ts'
import { storesFor, type Services } from '../services.ts'
import { focusIntervalMs } from './focus.ts'
import { focusAnswer } from '../answers.ts'

/** `GET /focus?region=`: services whose machines should measure fast, since somebody looks at them. */
export function focusRoute(services: Services): RouteDefinition<{ Query: { region: RegionId } }> {
  return {
    method: 'GET',
    path: '/focus',
    summary: 'Services to be measured fast, for the machines that measure',
    query: closed({ region }),
    responses: { 200: focusAnswer },
    async handler(request) {
      storesFor(services, request.identity, request.query.region)
      const entries = await services.focus.list(request.query.region)
      return {
        region: request.query.region,
        services: entries.map((entry) => ({ serviceId: entry._id, until: entry.until, intervalMs: focusIntervalMs })),
      }
    },
  }
}
