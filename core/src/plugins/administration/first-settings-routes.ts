import { notFound, Problem } from '@dcesop/sdk-plugin'
import type { Server } from '@hapi/hapi'
import { askedBy } from '../../audit/actor.ts'
import { addRoute, type CoreRequest, identityOf } from '../../http/core-route.ts'
import type { AuditPort, CoreRoutes, PolicyPort } from '../../ports.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { type Registry, required } from '../registry/registry.ts'
import { checkFirstSettings, configBefore } from '../settings/first-settings.ts'
import { requireMayChange } from './may-change.ts'
import { channel, closed, pluginId, version } from './schemas.ts'
import type { VerbBody } from './verbs.ts'

export interface FirstSettingsRouteParts {
  readonly parts: LifecycleParts
  readonly registry: Registry | undefined
  readonly policy: PolicyPort
  readonly audit: AuditPort
}

type CheckRequest = CoreRequest<{ Params: { id: string }; Query: unknown; Payload: VerbBody }>

/** A package may have to be fetched. */
const fetchingMs = 60_000
const region = { type: 'string', pattern: '^[a-z]{2}(-[a-z0-9]+)*$', maxLength: 20 } as const

/** What somebody needs who sets a plugin up before it is installed: what can be set, and what is wrong with it. */
export function firstSettingsRoutes(given: FirstSettingsRouteParts): CoreRoutes {
  return {
    register(server: Server) {
      addRoute<{ Params: { id: string; version: string } }>(server, {
        method: 'GET',
        path: '/api/admin/plugins/{id}/versions/{version}/config',
        summary: 'What can be set of a version in the store before it is installed.',
        access: { permission: 'platform.plugins:read' },
        params: closed({ id: pluginId, version }),
        handler: ({ params }) => configBefore(given.parts, params.id, params.version),
      })
      addRoute<{ Params: { id: string }; Payload: VerbBody }>(server, {
        method: 'POST',
        path: '/api/admin/plugins/{id}/install/check',
        timeoutMs: fetchingMs,
        summary:
          'Tells what an installation with these settings would come to, or what is wrong with them; starts nothing. What is to come from the registry is verified and put into the store before.',
        access: 'signed-in',
        params: closed({ id: pluginId }),
        body: {
          ...closed({ version, region, config: { type: 'object' }, from: { const: 'registry' }, channel }, []),
          dependentRequired: { from: ['version'], channel: ['from'] },
        },
        handler: (request) => check(request, given),
      })
    },
  }
}

/** @throws Problem 403, 404, 409 or 422, as the installation would */
async function check(request: CheckRequest, given: FirstSettingsRouteParts) {
  const { parts } = given
  const { params, payload } = request
  await requireMayChange(request, payload.region, given)
  if (payload.region !== undefined && !parts.ports.data.regions.includes(payload.region)) throw notFound()
  if (parts.slots.has(params.id)) {
    const detail = `Plugin "${params.id}" is installed. Upgrade it to change its version.`
    throw new Problem(409, 'plugin_installed', detail)
  }
  if (payload.from === 'registry') await fetchRelease(request, given)
  return checkFirstSettings(parts, params.id, payload.version, identityOf(request).regions, payload)
}

/** As an installation would, which then finds it; that a package came into the store is on record. */
async function fetchRelease(request: CheckRequest, { parts, registry, audit }: FirstSettingsRouteParts): Promise<void> {
  const { id } = request.params
  const { version: wanted = '', region: where, channel: followed } = request.payload
  const { channels, releases } = required(registry)
  const isThere = (await parts.catalogue.find(id, wanted)) !== undefined
  const { digest, source } = await releases.obtain(id, wanted, followed ?? (await channels.of(id, where)))
  if (isThere) return
  const details = { version: wanted, sha512: digest, source }
  await audit.append({
    ...askedBy(request),
    ...{ action: 'plugin.package.put', resource: id, outcome: 'allowed', details },
  })
}
