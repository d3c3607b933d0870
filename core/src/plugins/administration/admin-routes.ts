import { Problem } from '@dcesop/sdk-plugin'
import type { Server } from '@hapi/hapi'
import type { Readable } from 'node:stream'
import { packageLimits } from '@dcesop/sdk-plugin/package'
import { askedBy } from '../../audit/actor.ts'
import { addRoute, type CoreRequest, identityOf } from '../../http/core-route.ts'
import type { AuditPort, CoreRoutes, PolicyPort, StepUpPort } from '../../ports.ts'
import type { DesiredStates } from '../journal/desired.ts'
import type { Operations } from '../lifecycle/operations.ts'
import { requireSeen } from '../lifecycle/seen.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { Registry } from '../registry/registry.ts'
import { changedPointers } from '../settings/changed-pointers.ts'
import { failedRecord } from './failed-record.ts'
import { changeFromRegistry } from './from-registry.ts'
import { requireMayChange } from './may-change.ts'
import { readAll, refusedAsProblem } from './upload.ts'
import { type Verb, type VerbBody, verbs } from './verbs.ts'
import type { AdminViews } from './views.ts'

const pluginId = { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 40 } as const
const params = { type: 'object', additionalProperties: false, required: ['id'], properties: { id: pluginId } } as const
export interface AdminParts {
  readonly operations: Operations
  readonly views: AdminViews
  readonly desired: DesiredStates
  readonly policy: PolicyPort
  readonly audit: AuditPort
  readonly stepUp: StepUpPort
  readonly registry: Registry | undefined
  put(tarball: Buffer): Promise<CatalogueEntry>
}

type VerbRequest = CoreRequest<{ Params: { id: string }; Query: unknown; Payload: VerbBody }>

/** Administration of plugins: reading, packages, and changes with step-up. */
export function adminRoutes(parts: AdminParts): CoreRoutes {
  return {
    register(server: Server) {
      registerReads(server, parts.views)
      registerUpload(server, parts)
      for (const verb of verbs) registerVerb(server, verb, parts)
    },
  }
}

function registerReads(server: Server, views: AdminViews): void {
  const access = { permission: 'platform.plugins:read' } as const
  addRoute(server, {
    method: 'GET',
    path: '/api/admin/plugins',
    summary: 'Installed plugins as your regions have them, and packages in the store.',
    access,
    handler: (request) => views.list(identityOf(request).regions),
  })
  addRoute<{ Params: { id: string } }>(server, {
    method: 'GET',
    path: '/api/admin/plugins/{id}',
    summary: 'One plugin: state, versions, what it needs and who needs it.',
    access,
    params,
    handler: (request) => views.one(request.params.id, identityOf(request).regions),
  })
  addRoute<{ Params: { id: string } }>(server, {
    method: 'GET',
    path: '/api/admin/plugins/{id}/journal',
    summary: 'Transitions of a plugin, newest first.',
    access,
    params,
    handler: (request) => views.journal(request.params.id, identityOf(request).regions),
  })
}

function registerUpload(server: Server, parts: AdminParts): void {
  addRoute<{ Payload: Readable }>(server, {
    method: 'POST',
    path: '/api/admin/packages',
    summary: 'Verifies a packed plugin and puts it into the store.',
    access: { permission: 'platform.plugins:manage' },
    contentTypes: ['application/gzip', 'application/x-gzip', 'application/octet-stream'],
    payload: 'stream',
    maxBytes: packageLimits.packedBytes,
    async handler(request, h) {
      const put = { ...askedBy(request), action: 'plugin.package.put' }
      const { digest, manifest } = await refusedAsProblem(async () => parts.put(await readAll(request.payload))).catch(
        async (error: unknown) => {
          // What was changed on its way is an event, too.
          if (error instanceof Problem) await parts.audit.append({ ...put, outcome: 'failed', ...failedRecord(error) })
          throw error
        },
      )
      await parts.audit.append({
        ...put,
        resource: manifest.id,
        outcome: 'allowed',
        details: { version: manifest.version, sha512: digest },
      })
      return h.response({ id: manifest.id, version: manifest.version, sha512: digest }).code(201)
    },
  })
}

function registerVerb(server: Server, verb: Verb, parts: AdminParts): void {
  addRoute<{ Params: { id: string }; Payload: VerbBody }>(server, {
    method: 'POST',
    path: `/api/admin/plugins/{id}/${verb.verb}`,
    summary: verb.summary,
    access: 'signed-in',
    params,
    ...(Object.keys(verb.body).length > 0
      ? {
          body: {
            type: 'object',
            additionalProperties: false,
            properties: verb.body,
            required: verb.required ?? [],
            dependentRequired: verb.needs ?? {},
          },
        }
      : {}),
    handler: (request) => change(request, verb, parts),
  })
}

async function change(request: VerbRequest, command: Verb, parts: AdminParts) {
  const { verb, run } = command
  const { views, audit, stepUp, registry } = parts
  const { id } = request.params
  const seen = { plugin: id, ifMatch: request.raw.req.headers['if-match'] }
  await requireMayChange(request, request.payload.region, parts)
  // Before a confirmation is used up, and again when nobody else can change it.
  await requireSeen(parts.desired, seen)
  await stepUp.require(identityOf(request), `plugin.${verb}`, { id, ...request.payload })
  const { subject } = identityOf(request)
  const operations = parts.operations.whoSaw(seen)
  let details = flat(request.payload)
  const record = { ...askedBy(request), action: `plugin.${verb}`, resource: id }
  try {
    if (request.payload.from === 'registry')
      details = {
        ...details,
        ...(await changeFromRegistry(registry, operations, command, id, request.payload, subject)),
      }
    else await run(operations, id, request.payload, subject)
  } catch (error) {
    const { reason, details: why } = failedRecord(error)
    await audit.append({ ...record, outcome: 'failed', reason, details: { ...details, ...why } })
    throw error
  }
  await audit.append({ ...record, outcome: 'allowed', details })
  return verb === 'uninstall' ? { id, uninstalled: true } : views.one(id, identityOf(request).regions)
}

/** A nested part is kept as its JSON, of a configuration only what is set. */
function flat({ config, ...body }: VerbBody): Record<string, string | number | boolean> {
  const set = config ? { config: changedPointers({}, config).join(' ') } : {}
  const entries = Object.entries({ ...body, ...set }) as [string, unknown][]
  return Object.fromEntries(
    entries.map(([key, value]) =>
      typeof value === 'object' ? [key, JSON.stringify(value)] : [key, value as string | number | boolean],
    ),
  )
}
