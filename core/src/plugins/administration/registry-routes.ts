import { Problem, type RouteShapes } from '@dcesop/sdk-plugin'
import type { Server } from '@hapi/hapi'
import type { Readable } from 'node:stream'
import { askedBy } from '../../audit/actor.ts'
import { addRoute, type CoreRequest } from '../../http/core-route.ts'
import type { AuditPort, CoreRoutes } from '../../ports.ts'
import type { Enforcer } from '../enforcement/enforcer.ts'
import type { RangeFollower } from '../registry/follow-ranges.ts'
import type { Wish } from '../registry/planner.ts'
import { type Registry, required } from '../registry/registry.ts'
import { failedRecord } from './failed-record.ts'
import { channel } from './schemas.ts'
import type { AdminViews } from './views.ts'

export interface RegistryRouteParts {
  readonly registry: Registry | undefined
  readonly enforcer: Enforcer
  readonly ranges: RangeFollower
  readonly views: AdminViews
  readonly audit: AuditPort
}

const plugin = { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 40 } as const
const wish = {
  type: 'object',
  additionalProperties: false,
  properties: {
    install: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['plugin'],
        properties: { plugin, range: { type: 'string', minLength: 1, maxLength: 128 }, channel },
      },
    },
    remove: { type: 'array', maxItems: 50, items: plugin },
  },
} as const
/** A bundle that is not believed is an event, too. */
async function refused(
  error: unknown,
  request: Pick<CoreRequest<RouteShapes>, 'raw'>,
  audit: AuditPort,
): Promise<never> {
  if (error instanceof Problem) {
    const record = { ...askedBy(request), action: 'plugin.registry.bundle', outcome: 'failed' } as const
    await audit.append({ ...record, ...failedRecord(error) })
  }
  throw error
}

/** A little more than what a bundle may hold: the archive has headers. */
const largestBundle = 520 * 1024 * 1024

/** The registry as the administration sees it: how it stands, plans, and bundles for where there is no network. */
export function registryRoutes({ registry, enforcer, ranges, views, audit }: RegistryRouteParts): CoreRoutes {
  return {
    register(server: Server) {
      addRoute(server, {
        method: 'GET',
        path: '/api/admin/registry',
        summary:
          'The registry: whether it answers, which state of it is believed, and what it has against installed plugins.',
        access: { permission: 'platform.plugins:read' },
        handler: () => views.registry(),
      })
      addRoute(server, {
        method: 'POST',
        path: '/api/admin/registry/refresh',
        summary: 'Asks the registry for its present state now, and acts on it.',
        access: { permission: 'platform.plugins:manage' },
        async handler() {
          await required(registry).refresh()
          await enforcer.run()
          await ranges.run()
          return views.registry()
        },
      })
      addRoute<{ Payload: Wish }>(server, {
        method: 'POST',
        path: '/api/admin/registry/resolve',
        summary: "What a wish takes on this instance, in order, or why it cannot be had: the registry's plan.",
        access: { permission: 'platform.plugins:read' },
        body: wish,
        handler: (request) => required(registry).planner.plan(request.payload),
      })
      addRoute<{ Payload: Readable }>(server, {
        method: 'POST',
        path: '/api/admin/registry/bundle',
        summary: 'Imports a bundle of the registry, verified by the pinned root key, for instances without a network.',
        access: { permission: 'platform.plugins:manage' },
        contentTypes: ['application/x-tar', 'application/octet-stream'],
        payload: 'stream',
        maxBytes: largestBundle,
        async handler(request, h) {
          const imported = await required(registry)
            .import(request.payload)
            .catch((error: unknown) => refused(error, request, audit))
          const details = { snapshot: imported.snapshot, packages: JSON.stringify(imported.packages) }
          await audit.append({ ...askedBy(request), action: 'plugin.registry.bundle', outcome: 'allowed', details })
          await enforcer.run()
          return h.response(imported).code(201)
        },
      })
    },
  }
}
