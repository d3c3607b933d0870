import { Problem } from '@dcesop/sdk-plugin'
import type { Server } from '@hapi/hapi'
import { askedBy } from '../../audit/actor.ts'
import { addRoute, type CoreRequest, identityOf } from '../../http/core-route.ts'
import type { AuditPort, CoreRoutes, StepUpPort } from '../../ports.ts'
import type { Catalogue } from '../store/catalogue.ts'
import type { DesiredStates } from '../journal/desired.ts'
import { offeredVersions, type OfferedVersion } from '../registry/offered.ts'
import { asProblem } from '../registry/problems.ts'
import { type Registry, required } from '../registry/registry.ts'
import { failedRecord } from './failed-record.ts'
import { ofRegions } from './regional-evidence.ts'
import { closed, pluginId } from './schemas.ts'

export interface RegistryDetailParts {
  readonly registry: Registry | undefined
  readonly catalogue: Catalogue
  readonly desired: DesiredStates
  readonly audit: AuditPort
  readonly stepUp: StepUpPort
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const
const version = { type: 'string', pattern: '^[0-9A-Za-z.+-]+$', maxLength: 60 } as const
const params = closed({ id: pluginId, version })
const decided = {
  region: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' },
  decision: { enum: ['approve', 'reject'] },
  rule: { type: 'string', pattern: '^[a-z][a-z0-9.-]{0,99}$' },
  evidence: text(4000),
  comment: text(4000),
  token: { type: 'string', pattern: '^[!-~]{8,200}$' },
}
const decision = closed(decided, ['region', 'decision', 'token'])
const access = { permission: 'platform.plugins:read' } as const
/** The registry itself is given 15 s, for each of several questions. */
const askingMs = 60_000

interface Decision {
  readonly region: string
  readonly decision: 'approve' | 'reject'
  readonly rule?: string
  readonly evidence?: string
  readonly comment?: string
  /** Of the person's own account of the registry; passed on once, kept nowhere. */
  readonly token: string
}
interface Target {
  readonly id: string
  readonly version: string
}

/** What the registry has for this instance, told to people of a region by what concerns their region; and their decisions. */
export function registryDetailRoutes(parts: RegistryDetailParts): CoreRoutes {
  const { registry } = parts
  return {
    register(server: Server) {
      addRoute(server, {
        method: 'GET',
        path: '/api/admin/registry/releases',
        timeoutMs: askingMs,
        summary:
          'Versions of plugins in the state of the registry that is believed, with the approvals of your regions and, where the registry tells it, what they bring.',
        access,
        async handler(request) {
          const channel = registry?.settings.channel ?? null
          const present = registry?.client.trust.present
          const channels = registry?.channels.known ?? []
          if (!registry || !present) return { configured: registry !== undefined, channel, channels, releases: [] }
          const { regions, channel: own } = registry.settings
          const followed = await registry.channels.all()
          const audienceOf = (plugin: string) => ({ regions, channels: followed.get(plugin) ?? [own] })
          const offered = offeredVersions(present.snapshot, audienceOf, identityOf(request).regions)
          const idOf = ({ package: name, version }: OfferedVersion) => `${name}@${version}`
          const contentsOf = await registry.contents.of(offered.map(idOf))
          const releases = offered.map((one) => ({ ...one, ...contentsOf(idOf(one)) }))
          return { configured: true, channel, channels, releases }
        },
      })
      addRoute<{ Params: Target; Query: { against?: string } }>(server, {
        method: 'GET',
        path: '/api/admin/registry/plugins/{id}/versions/{version}',
        timeoutMs: askingMs,
        summary:
          "The registry's page about a version: manifest, checks, provenance, and the decisions of your regions.",
        access,
        params,
        query: closed({ against: version }, []),
        async handler(request) {
          const { against } = request.query
          const path = `${pathOf(request.params)}${against === undefined ? '' : `?against=${encodeURIComponent(against)}`}`
          const body = await ask<{ approvals?: unknown; history?: unknown }>(registry, path)
          const { regions } = identityOf(request)
          const history = body.history === undefined ? {} : { history: historyFor(listOf(body.history), regions) }
          return { ...body, approvals: ofRegions(listOf(body.approvals), regions), ...history }
        },
      })
      addRoute<{ Params: Target; Payload: Decision }>(server, {
        method: 'POST',
        path: '/api/admin/registry/plugins/{id}/versions/{version}/decisions',
        summary: "Hands a decision about a version to the registry, as the person's own account there.",
        access,
        params,
        body: decision,
        handler: (request) => decide(request, parts),
      })
      addRoute(server, {
        method: 'GET',
        path: '/api/admin/registry/advisories',
        timeoutMs: askingMs,
        summary:
          'Known weaknesses of the versions that are installed, and of what they bundle, as the registry knows them.',
        access,
        handler: async () => ({ advisories: await advisories(parts) }),
      })
    },
  }
}

async function decide(
  request: CoreRequest<{ Params: Target; Query: unknown; Payload: Decision }>,
  { registry, audit, stepUp }: RegistryDetailParts,
): Promise<unknown> {
  const { token, ...wish } = request.payload
  const { id, version } = request.params
  const identity = identityOf(request)
  const details = { version, ...wish }
  const record = { ...askedBy(request), action: 'plugin.decision', resource: id, region: wish.region }
  if (!identity.regions.includes(wish.region)) {
    await audit.append({ ...record, outcome: 'denied', reason: 'region', details })
    throw new Problem(403, 'forbidden', 'You decide for your own region only.')
  }
  await stepUp.require(identity, 'plugin.decision', { id, ...details })
  try {
    const { username } = await ask<{ username: string }>(registry, '/-/whoami', { token })
    const ifMatch = request.raw.req.headers['if-match']
    const path = `${pathOf({ id, version })}/decisions`
    const made = await ask<object>(registry, path, { token, body: wish, ifMatch })
    await audit.append({ ...record, outcome: 'allowed', details: { ...details, account: username } })
    await registry?.refresh()
    return made
  } catch (error) {
    const { reason, details: why } = failedRecord(error)
    await audit.append({ ...record, outcome: 'failed', reason, details: { ...details, ...why } })
    throw error
  }
}

/** Only what came from the registry is known to it by its npm name. */
async function advisories({ registry, catalogue, desired }: RegistryDetailParts): Promise<object[]> {
  if (!registry) return []
  const installed = await Promise.all((await desired.all()).map(({ digest }) => catalogue.byDigest(digest)))
  const known = installed.flatMap((entry) =>
    entry?.evidence
      ? [{ name: entry.evidence.package, plugin: entry.manifest.id, version: entry.manifest.version }]
      : [],
  )
  if (known.length === 0) return []
  const body = Object.fromEntries(known.map(({ name, version }) => [name, [version]]))
  const found = await ask<Record<string, unknown>>(registry, '/-/npm/v1/security/advisories/bulk', { body })
  return known.flatMap(({ name, plugin, version }) =>
    listOf(found[name]).map((advisory) => ({ plugin, version, ...advisory })),
  )
}

/** What happened to a version, without decisions of other regions. */
function historyFor(entries: readonly Record<string, unknown>[], regions: readonly string[]) {
  return entries.filter(({ body }) => {
    const { region } = (body ?? {}) as { region?: unknown }
    return region === undefined || regions.includes(region as string)
  })
}

/** The objects of what should be a list of them. */
function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []
}

/** @throws Problem 409 `registry_missing`, 502, 503 */
async function ask<T>(
  registry: Registry | undefined,
  path: string,
  options: { body?: object; token?: string; ifMatch?: string | undefined } = {},
): Promise<T> {
  const { http } = required(registry).client
  if (!http) throw new Problem(409, 'registry_missing', 'This instance has no address of a registry to ask.')
  const { body } = await asProblem(() => http.json<T>(path, options))
  if (body === undefined) throw new Problem(502, 'registry_declined', 'The registry answered nothing.')
  return body
}

function pathOf({ id, version }: Target): string {
  return `/-/dcesop/v1/plugins/${id}/versions/${encodeURIComponent(version)}`
}
