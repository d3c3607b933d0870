import { Problem } from '@dcesop/sdk-plugin'
import { addRoute, type Call } from '../http/json-route.ts'
import type { RateLimits } from '../http/rate-limits.ts'
import type { Routes } from '../http/server.ts'
import { parseName } from '../packages/names.ts'
import type { Database } from '../storage/database.ts'
import type { MemberRole } from '../storage/documents.ts'
import type { Scopes } from './scopes.ts'

const memberBody = {
  type: 'object',
  additionalProperties: false,
  required: ['user'],
  properties: { user: { type: 'string', maxLength: 64 }, role: { enum: ['owner', 'admin', 'developer'] } },
}

/** `npm org`: npm's organisations are the registry's publishers, their users its members. */
export function orgRoutes(database: Database, scopes: Scopes, limits: RateLimits): Routes {
  const path = '/-/org/{scope}/user'
  const scopeOf = ({ params }: Call): string => {
    const scope = (params['scope'] ?? '').replace(/^@/, '')
    // What cannot be a scope is refused as the name of a package below it would be.
    return parseName(`@${scope}/x`).scope as string
  }
  const size = async (scope: string) => (await scopes.find(scope))?.members.length ?? 0

  return (server) => {
    addRoute(server, {
      method: 'GET',
      path,
      access: 'signed-in',
      async handler(call) {
        const publisher = await scopes.find(scopeOf(call))
        if (!publisher) throw new Problem(404, 'not_found', `Nobody owns @${scopeOf(call)} yet.`)
        return Object.fromEntries(publisher.members.map(({ user, role }) => [user, role]))
      },
    })
    addRoute(server, {
      method: 'PUT',
      path,
      access: 'signed-in',
      body: memberBody,
      async handler(call) {
        const scope = scopeOf(call)
        const { user, role = 'developer' } = call.body as { user: string; role?: MemberRole }
        await scopes.setMember(await limits.changer(call), scope, user, role)
        return { org: { name: scope, size: await size(scope) }, user, role }
      },
    })
    addRoute(server, {
      method: 'DELETE',
      path,
      access: 'signed-in',
      body: memberBody,
      async handler(call, h) {
        await scopes.removeMember(await limits.changer(call), scopeOf(call), (call.body as { user: string }).user)
        return h.response().code(204)
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/org/{scope}/package',
      access: 'signed-in',
      async handler(call) {
        const scope = scopeOf(call)
        if (!(await scopes.find(scope))) throw new Problem(404, 'not_found', `Nobody owns @${scope} yet.`)
        return accessTo(await database.packages.find({ scope }, { projection: { _id: 1 } }).toArray())
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/user/{user}/package',
      access: 'signed-in',
      async handler({ params }) {
        const user = params['user'] ?? ''
        const owned = (await scopes.ofUser(user)).map(({ _id }) => _id)
        const filter = { $or: [{ scope: { $in: owned } }, { owners: user }] }
        return accessTo(await database.packages.find(filter, { projection: { _id: 1 } }).toArray())
      },
    })
  }
}

function accessTo(packages: readonly { readonly _id: string }[]): Record<string, string> {
  return Object.fromEntries(packages.map(({ _id }) => [_id, 'write']))
}
