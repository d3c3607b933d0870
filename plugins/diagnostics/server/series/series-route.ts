import { Problem, type RegionId, type RouteDefinition } from '@dcesop/sdk-plugin'
import { measuredIds, metrics, type MetricId } from '../metrics/catalogue.ts'
import { closed, dateTime, id, region } from '../schemas.ts'
import { serviceOf, storesFor, type Services } from '../services.ts'
import { keptSince, readRange, type RangeResolution } from './range.ts'
import { seriesAnswer } from '../answers.ts'

interface Shapes {
  Params: { region: RegionId; serviceId: string }
  Query: { metric: MetricId; from: string; to: string; resolution?: RangeResolution | 'auto' }
}

const performance = measuredIds.filter((metric) => metrics[metric].kind === 'performance')

/** `GET /services/{region}/{serviceId}/series`: one metric over a span, at a resolution that fits a screen. */
export function seriesRoute(services: Services): RouteDefinition<Shapes> {
  return {
    method: 'GET',
    path: '/services/{region}/{serviceId}/series',
    summary: 'One metric of a service between two moments, raw or rolled up',
    params: closed({ region, serviceId: id }),
    query: closed(
      {
        metric: { enum: performance },
        from: dateTime,
        to: dateTime,
        resolution: { enum: ['auto', 'raw', 'minute', 'hour', 'day'] },
      },
      ['resolution'],
    ),
    responses: { 200: seriesAnswer },
    async handler(request) {
      const { region: where, serviceId } = request.params
      const { metric, resolution: asked = 'auto' } = request.query
      const stores = storesFor(services, request.identity, where)
      const [from, to] = [new Date(request.query.from), new Date(request.query.to)]
      if (!(from < to)) throw new Problem(400, 'range_empty', '"from" must lie before "to".')
      const service = await serviceOf(services, where, serviceId)
      await request.audit({ action: 'diagnostics.series', region: where, resource: service.customerId })
      const kept = keptSince(services.now(), services.settings.retention)
      const { resolution, points } = await readRange(stores, { serviceId, metric, from, to, resolution: asked }, kept)
      return { serviceId, metric, unit: metrics[metric].unit, from, to, resolution, points }
    },
  }
}
