import { addRoute } from '../http/core-route.ts'
import type { CoreRoutes } from '../ports.ts'
import type { RequestMetrics } from './request-metrics.ts'

/** `GET /metrics`: Prometheus text, for holders of `platform.metrics:read`. */
export function metricsRoutes(metrics: RequestMetrics): CoreRoutes {
  return {
    register(server) {
      addRoute(server, {
        method: 'GET',
        path: '/metrics',
        summary: 'Metrics of this process for Prometheus.',
        access: { permission: 'platform.metrics:read' },
        activity: false,
        handler: async (_request, h) => h.response(await metrics.registry.metrics()).type(metrics.registry.contentType),
      })
    },
  }
}
