import type { Server } from '@hapi/hapi'
import { askedBy } from '../../audit/actor.ts'
import { addRoute, identityOf } from '../../http/core-route.ts'
import type { AuditPort, CoreRoutes, PolicyPort } from '../../ports.ts'
import { requireMayChange } from '../administration/may-change.ts'
import type { Layouts, PointLayouts } from './layouts.ts'

const region = { type: 'string', pattern: '^[a-z]{2}(-[a-z0-9]+)*$', maxLength: 20 } as const
const names = {
  type: 'array',
  maxItems: 100,
  uniqueItems: true,
  items: { type: 'string', pattern: '^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$', maxLength: 121 },
} as const
const params = { type: 'object', additionalProperties: false, required: ['region'], properties: { region } } as const
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['revision', 'points'],
  properties: {
    revision: { type: 'integer', minimum: 0 },
    points: {
      type: 'object',
      maxProperties: 200,
      propertyNames: { pattern: '^[a-z][a-z0-9]*\\.[a-z][a-z0-9-]*/v[1-9][0-9]*$', maxLength: 80 },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['order', 'hidden'],
        properties: { order: names, hidden: names, added: names },
      },
    },
  },
} as const

export interface LayoutParts {
  readonly layouts: Layouts
  readonly policy: PolicyPort
  readonly audit: AuditPort
  /** What is served has changed. */
  changed(): Promise<void>
}

/** `/api/admin/ui/layouts/{region}`: order, visibility and places of extensions in a region. */
export function layoutRoutes({ layouts, policy, audit, changed }: LayoutParts): CoreRoutes {
  return {
    register(server: Server) {
      addRoute<{ Params: { region: string } }>(server, {
        method: 'GET',
        path: '/api/admin/ui/layouts/{region}',
        summary:
          'Order, visibility and places of extensions in a region, where they differ from what their authors say.',
        access: { permission: 'platform.plugins:read' },
        params,
        async handler(request) {
          const { params: where } = request
          const reads = { permission: 'platform.plugins:read', region: where.region }
          if (!policy.decide(identityOf(request), reads).allowed)
            await requireMayChange(request, where.region, { policy, audit })
          return layouts.get(where.region)
        },
      })
      addRoute<{ Params: { region: string }; Payload: { revision: number; points: PointLayouts } }>(server, {
        method: 'PUT',
        path: '/api/admin/ui/layouts/{region}',
        summary: 'Changes order, visibility and places of extensions in a region; open tabs follow at once.',
        access: 'signed-in',
        params,
        body,
        async handler(request) {
          const { params: where, payload } = request
          await requireMayChange(request, where.region, { policy, audit })
          const layout = await layouts.put(where.region, payload.revision, payload.points)
          await audit.append({
            ...askedBy(request),
            action: 'ui.layout.put',
            resource: where.region,
            outcome: 'allowed',
            details: { revision: layout.revision, points: JSON.stringify(payload.points) },
          })
          await changed()
          return layout
        },
      })
    },
  }
}

/** The region whose layout a person sees: their own. Who works in several regions sees the authors' order. */
export function layoutRegionOf(identity: ReturnType<typeof identityOf>): string | undefined {
  return identity.regions.length === 1 ? identity.regions[0] : undefined
}
