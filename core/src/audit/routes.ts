import type { Server } from '@hapi/hapi'
import { addRoute, identityOf } from '../http/core-route.ts'
import type { Accounts } from '../identity/accounts.ts'
import type { CoreRoutes } from '../ports.ts'
import { askedBy } from './actor.ts'
import type { AuditLog, StoredAuditRecord } from './audit-log.ts'

interface Query {
  before?: number
  limit: number
  action?: string
  subject?: string
  resource?: string
}

const word = { type: 'string', minLength: 1, maxLength: 200 }

/**
 * `GET /api/admin/audit`: newest first; `next` is the cursor to hand back as `before`. Reading is itself recorded. Records hold ids;
 * `names` has, by id, the actors who are colleagues of the reader's regions.
 */
export function auditRoutes(audit: AuditLog, accounts: Accounts): CoreRoutes {
  return {
    register(server: Server) {
      addRoute<{ Query: Query }>(server, {
        method: 'GET',
        path: '/api/admin/audit',
        summary: 'Audit records of your regions and of the platform, newest first.',
        access: { permission: 'platform.audit:read' },
        query: {
          type: 'object',
          additionalProperties: false,
          properties: {
            before: { type: 'integer', minimum: 1 },
            limit: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
            action: word,
            subject: word,
            resource: word,
          },
        },
        async handler(request) {
          const identity = identityOf(request)
          const { limit, ...filter } = request.query
          const records = await audit.read({ ...filter, regions: identity.regions }, limit)
          await audit.append({
            action: 'audit.read',
            outcome: 'allowed',
            ...askedBy(request),
            details: { records: records.length },
          })
          const next = records.length === limit ? records.at(-1)?._id : undefined
          const actors = [...new Set(records.map(({ actor }) => actor.subject))]
          const names = await accounts.employeeNames(actors, identity.regions)
          return { records: records.map(toView), names, ...(next === undefined ? {} : { next }) }
        },
      })
    },
  }
}

function toView({ _id, at, ...record }: StoredAuditRecord): object {
  return { sequence: _id, at: at.toISOString(), ...record }
}
