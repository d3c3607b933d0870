import { Problem } from '@dcesop/sdk-plugin'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Database } from '../storage/database.ts'
import { parseName } from './names.ts'
import { findPackage } from './read-routes.ts'

const accessBody = {
  type: 'object',
  minProperties: 1,
  properties: { access: { enum: ['public', 'restricted', null] } },
}

/** `npm access`: everybody who reaches the registry may read all of it, and members of a publisher may write. */
export function accessRoutes(database: Database, scopes: Scopes): Routes {
  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/package/{name}/collaborators',
      access: 'signed-in',
      async handler({ params }) {
        const { scope, owners } = await findPackage(database, parseName(params['name'] ?? '').full)
        const members = scope === null ? owners : ((await scopes.find(scope))?.members ?? []).map(({ user }) => user)
        return Object.fromEntries(members.map((user) => [user, 'write']))
      },
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/package/{name}/visibility',
      access: 'signed-in',
      async handler({ params }) {
        await findPackage(database, parseName(params['name'] ?? '').full)
        return { public: true }
      },
    })
    addRoute(server, {
      method: 'POST',
      path: '/-/package/{name}/access',
      access: 'signed-in',
      body: accessBody,
      async handler({ params, body, caller }, h) {
        const name = parseName(params['name'] ?? '')
        await scopes.mayWrite(caller(), name)
        await findPackage(database, name.full)
        if ((body as { access?: string }).access === 'public') return h.response().code(204)
        throw new Problem(
          403,
          'not_supported',
          'Packages cannot be restricted, nor ask for a second factor: protect the registry instead.',
        )
      },
    })
  }
}
