import { addRoute, identityOf, traceIdOf } from '../../http/core-route.ts'
import type { CoreRoutes, Identity } from '../../ports.ts'
import type { UiIncident, UiIncidents } from './ui-incidents.ts'

const name = { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 60 } as const
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'plugin', 'version', 'unit', 'phase', 'message', 'at'],
  properties: {
    id: { type: 'string', pattern: '^[0-9a-f-]{8,36}$' },
    plugin: name,
    version: { type: 'string', pattern: '^[0-9A-Za-z.+-]+$', maxLength: 60 },
    unit: name,
    phase: { enum: ['load', 'mount', 'crash', 'timeout', 'context', 'style'] },
    message: { type: 'string', maxLength: 500 },
    at: { type: 'string', format: 'date-time', maxLength: 40 },
    quarantined: { type: 'boolean' },
  },
} as const

/**
 * `POST /api/ui/incidents`: a shell reports that a plugin's unit failed.
 * @param tellAuthor where the person tries a build out, its author hears of it, too
 */
export function incidentRoutes(
  incidents: UiIncidents,
  tellAuthor: (incident: UiIncident, identity: Identity) => void,
): CoreRoutes {
  return {
    register(server) {
      addRoute<{ Payload: UiIncident }>(server, {
        method: 'POST',
        path: '/api/ui/incidents',
        summary: "Reports that a plugin's screen failed in the browser.",
        access: 'signed-in',
        activity: false,
        maxBytes: 4 * 1024,
        body,
        responses: { 202: { type: 'null' } },
        async handler(request, h) {
          const identity = identityOf(request)
          tellAuthor(request.payload, identity)
          await incidents.record(request.payload, traceIdOf(request), identity)
          return h.response().code(202)
        },
      })
    },
  }
}
