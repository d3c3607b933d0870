import { incidentKinds, type IncidentReport } from '@dcesop/sdk-plugin/contracts'
import { packageOf } from '../../governance/find-version.ts'
import { requireInsider } from '../../governance/rights.ts'
import { bearerOf } from '../../http/authentication.ts'
import { addRoute } from '../../http/json-route.ts'
import type { RateLimits } from '../../http/rate-limits.ts'
import type { Routes } from '../../http/server.ts'
import type { Scopes } from '../../identity/scopes.ts'
import { findPackage } from '../../packages/read-routes.ts'
import type { Database } from '../../storage/database.ts'
import { idOf } from '../instances/instance-routes.ts'
import type { Incidents } from './incidents.ts'
import type { ReportTokens } from './report-tokens.ts'

export interface IncidentRoutesDeps {
  readonly database: Database
  readonly scopes: Scopes
  readonly limits: RateLimits
  readonly tokens: ReportTokens
  readonly incidents: Incidents
}

// Closed and without a free text: no sentence that could name a person leaves a host.
const report = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'plugin', 'version', 'sha512', 'kind', 'at'],
  properties: {
    id: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
    plugin: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' },
    version: { type: 'string', pattern: '^[0-9A-Za-z.+-]{1,128}$' },
    sha512: { type: 'string', pattern: '^[0-9a-f]{128}$' },
    kind: { enum: incidentKinds },
    at: { type: 'string', format: 'date-time', maxLength: 40 },
  },
}
const list = {
  type: 'object',
  additionalProperties: false,
  properties: { limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
}

/** Hosts report what became of a version, and its publisher reads it. */
export function incidentRoutes({ database, scopes, limits, tokens, incidents }: IncidentRoutesDeps): Routes {
  return (server) => {
    const token = '/-/dcesop/v1/instances/{instance}/report-token'
    addRoute(server, {
      method: 'POST',
      path: token,
      access: 'signed-in',
      handler: async (call, h) => h.response({ token: await tokens.issue(call.caller(), idOf(call)) }).code(201),
    })
    addRoute(server, {
      method: 'DELETE',
      path: token,
      access: 'signed-in',
      async handler(call, h) {
        await tokens.revoke(call.caller(), idOf(call))
        return h.response().code(204)
      },
    })
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/incidents',
      // An instance is no account.
      access: 'anyone',
      maxBytes: 2048,
      body: report,
      async handler({ request, body }, h) {
        const { instance, reference } = await tokens.reporterOf(bearerOf(request.raw.req))
        await limits.report(instance)
        const isNew = await incidents.record(reference, body as IncidentReport)
        return h.response({ id: (body as IncidentReport).id }).code(isNew ? 201 : 200)
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/plugins/{id}/incidents',
      access: 'signed-in',
      query: list,
      async handler({ params, query, caller }) {
        const found = await findPackage(database, await packageOf(database, params['id'] ?? ''))
        await requireInsider(scopes, caller(), found)
        const latest = await incidents.latest(found._id, query['limit'] as number)
        return {
          package: found._id,
          counts: await incidents.counts(found._id),
          latest: latest.map(({ version, kind, at, reference: instance }) => ({ version, kind, at, instance })),
        }
      },
    })
  }
}
