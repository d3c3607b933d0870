import type { Json } from '@dcesop/sdk-plugin/host'
import type { Server } from '@hapi/hapi'
import { askedBy } from '../../audit/actor.ts'
import { addRoute, identityOf } from '../../http/core-route.ts'
import type { AuditPort, CoreRoutes, PolicyPort, StepUpPort } from '../../ports.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { ConfigView, type NamesOf } from '../settings/config-view.ts'
import { configure, planSettings } from '../settings/configure.ts'
import { failedRecord } from './failed-record.ts'
import { requireMayChange } from './may-change.ts'

const id = { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 40 } as const
const params = { type: 'object', additionalProperties: false, required: ['id'], properties: { id } } as const
const region = { type: 'string', pattern: '^[a-z]{2}(-[a-z0-9]+)*$', maxLength: 20 } as const
const revision = { type: 'integer', minimum: 0 } as const
const body = {
  type: 'object',
  additionalProperties: false,
  required: ['value', 'revision'],
  properties: { region, value: { type: 'object' }, revision },
} as const

interface Body {
  readonly region?: string
  readonly value: Json
  readonly revision: number
}

interface ConfigParts {
  readonly parts: LifecycleParts
  readonly exclusive: Exclusive
  readonly policy: PolicyPort
  readonly audit: AuditPort
  readonly stepUp: StepUpPort
  /** Nobody's name is told when left out. */
  readonly namesOf?: NamesOf | undefined
}

/** `/api/admin/plugins/{id}/config…`: a plugin's configuration, for everywhere and by region. */
export function configRoutes({ parts, exclusive, policy, audit, stepUp, namesOf }: ConfigParts): CoreRoutes {
  const view = new ConfigView(parts, namesOf ?? (() => Promise.resolve({})))
  return {
    register(server: Server) {
      addRoute<{ Params: { id: string }; Query: { revision?: number } }>(server, {
        method: 'GET',
        path: '/api/admin/plugins/{id}/config',
        summary:
          'Configuration of a plugin: what was set for everywhere and for your regions, and what comes of it there.',
        access: { permission: 'platform.plugins:read' },
        params,
        query: { type: 'object', additionalProperties: false, properties: { revision } },
        handler: (request) => view.of(request.params.id, identityOf(request).regions, request.query.revision),
      })
      addRoute<{ Params: { id: string } }>(server, {
        method: 'GET',
        path: '/api/admin/plugins/{id}/config/history',
        summary: 'Who changed which settings of a plugin, for everywhere and for your regions, newest first.',
        access: { permission: 'platform.plugins:read' },
        params,
        handler: (request) => view.history(request.params.id, identityOf(request).regions),
      })
      addRoute<{ Params: { id: string }; Payload: Body }>(server, {
        method: 'POST',
        path: '/api/admin/plugins/{id}/config/check',
        summary: 'Tells what a change of the configuration would come to; changes nothing.',
        access: 'signed-in',
        params,
        body,
        async handler(request) {
          await requireMayChange(request, request.payload.region, { policy, audit })
          const { after, changed } = await planSettings(parts, request.params.id, request.payload)
          return { changed, ...(await view.effective(request.params.id, identityOf(request).regions, after)) }
        },
      })
      addRoute<{ Params: { id: string }; Payload: Body }>(server, {
        method: 'POST',
        path: '/api/admin/plugins/{id}/configure',
        summary:
          'Sets the configuration of a plugin for everywhere or for a region; what serves is replaced without an interruption.',
        access: 'signed-in',
        params,
        body,
        async handler(request) {
          const { params: where, payload } = request
          await requireMayChange(request, payload.region, { policy, audit })
          await stepUp.require(identityOf(request), 'plugin.configure', { id: where.id, ...payload })
          const record = {
            ...askedBy(request),
            action: 'plugin.configure',
            resource: where.id,
            ...(payload.region === undefined ? {} : { region: payload.region }),
          }
          try {
            const by = identityOf(request).subject
            const { before, revision: now, changed } = await configure(parts, exclusive, where.id, payload, by)
            const details = { from: before.revision, revision: now, changed: changed.join(' ') }
            await audit.append({ ...record, outcome: 'allowed', details })
          } catch (error) {
            await audit.append({ ...record, outcome: 'failed', ...failedRecord(error) })
            throw error
          }
          return view.of(where.id, identityOf(request).regions)
        },
      })
    },
  }
}
