import { seenText } from '@dcesop/sdk-plugin/http'
import type { Yank } from '@dcesop/sdk-plugin/signing'
import type { Catalogue } from '../distribution/catalogue/catalogue.ts'
import { addRoute, type Call } from '../http/json-route.ts'
import type { RateLimits } from '../http/rate-limits.ts'
import type { Routes } from '../http/server.ts'
import { missing } from '../packages/read-routes.ts'
import type { Database } from '../storage/database.ts'
import { snapshotPackage } from '../trust/snapshot/snapshot-content.ts'
import type { Channels } from './channels.ts'
import type { Decisions, DecisionWish } from './decisions.ts'
import { findVersion, packageOf, revisionOf } from './find-version.ts'
import type { Grants, GrantWish } from './grants.ts'
import type { Yanks } from './yanks.ts'

export interface GovernanceRoutesDeps {
  readonly database: Database
  readonly catalogue: Catalogue
  readonly decisions: Decisions
  readonly yanks: Yanks
  readonly channels: Channels
  readonly grants: Grants
  readonly channelNames: readonly string[]
  readonly limits: RateLimits
}

const closed = (required: readonly string[], properties: Record<string, object>) => ({
  type: 'object',
  additionalProperties: false,
  required: [...required],
  properties,
})
const region = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' }
const decision = closed(['region', 'decision'], {
  region,
  decision: { enum: ['approve', 'reject', 'appeal'] },
  rule: { type: 'string', pattern: '^[a-z][a-z0-9.-]{0,99}$' },
  evidence: seenText(4000),
  comment: seenText(4000),
})
const yank = closed(['class', 'reason'], {
  class: { enum: ['security', 'legal', 'defect', 'withdrawn'] },
  reason: seenText(1000),
  deadline: { type: ['string', 'null'], format: 'date-time' },
})
const restoration = closed(['reason'], { reason: seenText(1000) })
const move = closed(['plugin', 'version', 'channel'], {
  plugin: { type: 'string', minLength: 1, maxLength: 214 },
  version: { type: 'string', minLength: 1, maxLength: 128 },
  channel: { type: 'string', maxLength: 40 },
})
const grant = closed(['kind', 'publisher'], {
  kind: { enum: ['mandatory', 'reserved'] },
  publisher: { type: 'string', pattern: '^[a-z0-9-][a-z0-9._-]{0,62}$' },
  name: { type: 'string', pattern: '^[a-z0-9-][a-z0-9._-]{0,213}$' },
})

/** Decisions of regions, yanks, channels and grants. */
export function governanceRoutes(deps: GovernanceRoutesDeps): Routes {
  const { database, catalogue, decisions, yanks, channels, grants, limits } = deps
  const path = '/-/dcesop/v1/plugins/{id}/versions/{version}'
  const ifMatch = ({ request }: Call) => request.raw.req.headers['if-match']
  const target = ({ params }: Call) => [params['id'] ?? '', params['version'] ?? ''] as const

  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: `${path}/checks`,
      access: 'anyone',
      async handler(call) {
        const { version } = await findVersion(database, ...target(call))
        return { checks: version.checks }
      },
    })
    addRoute(server, {
      method: 'GET',
      path: `${path}/decisions`,
      access: 'anyone',
      async handler(call, h) {
        const found = await findVersion(database, ...target(call))
        const { regions, flags, channel } = found.governance
        const unchanged = h.entity({ etag: revisionOf(found) })
        return unchanged ?? { regions, flags, channel, yank: found.version.yank }
      },
    })
    addRoute(server, {
      method: 'POST',
      path: `${path}/decisions`,
      access: 'signed-in',
      body: decision,
      async handler(call, h) {
        const caller = await limits.changer(call)
        const made = await decisions.decide(caller, ...target(call), call.body as DecisionWish, ifMatch(call))
        return h.response(made).code(201)
      },
    })
    addRoute(server, {
      method: 'POST',
      path: `${path}/yank`,
      access: 'signed-in',
      body: yank,
      async handler(call, h) {
        const wish = { deadline: null, ...(call.body as Partial<Yank>) } as Yank
        return h.response(await yanks.yank(await limits.changer(call), ...target(call), wish, ifMatch(call))).code(201)
      },
    })
    addRoute(server, {
      method: 'DELETE',
      path: `${path}/yank`,
      access: 'signed-in',
      body: restoration,
      async handler(call, h) {
        const { reason } = call.body as { reason: string }
        await yanks.restore(await limits.changer(call), ...target(call), reason, ifMatch(call))
        return h.response().code(204)
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/channels',
      access: 'anyone',
      query: closed(['plugin'], { plugin: move.properties['plugin'] as object }),
      async handler({ query }) {
        const name = await packageOf(database, query['plugin'] as string)
        const versions = (await catalogue.current()).packages.get(name)
        if (!versions) throw missing(`There is no package ${name}.`)
        return { package: name, channels: snapshotPackage(versions, deps.channelNames).channels }
      },
    })
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/channels',
      access: 'signed-in',
      body: move,
      async handler(call, h) {
        const { plugin, version, channel } = call.body as { plugin: string; version: string; channel: string }
        const from = await channels.move(await limits.changer(call), plugin, version, channel)
        return h.response({ plugin, version, from, to: channel }).code(201)
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/grants',
      access: 'signed-in',
      handler: async () => ({ grants: await grants.list() }),
    })
    addRoute(server, {
      method: 'POST',
      path: '/-/dcesop/v1/grants',
      access: 'signed-in',
      body: grant,
      async handler(call, h) {
        await grants.give(await limits.changer(call), call.body as GrantWish)
        return h.response(call.body as object).code(201)
      },
    })
    addRoute(server, {
      method: 'DELETE',
      path: '/-/dcesop/v1/grants',
      access: 'signed-in',
      body: grant,
      async handler(call, h) {
        await grants.take(await limits.changer(call), call.body as GrantWish)
        return h.response().code(204)
      },
    })
  }
}
