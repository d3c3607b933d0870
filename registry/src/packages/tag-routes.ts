import { addRoute, type Call } from '../http/json-route.ts'
import type { RateLimits } from '../http/rate-limits.ts'
import type { Routes } from '../http/server.ts'
import type { Scopes } from '../identity/scopes.ts'
import { parseName } from './names.ts'
import type { PackageChanges } from './package-changes.ts'
import { findPackage } from './read-routes.ts'
import { type PackageSources, shownPackage } from './shown-package.ts'
import { checkTag } from './tags.ts'

const version = { type: 'string', maxLength: 128 }

/** `npm dist-tag`. */
export function tagRoutes(
  sources: PackageSources,
  scopes: Scopes,
  changes: PackageChanges,
  limits: RateLimits,
): Routes {
  const path = '/-/package/{name}/dist-tags/{tag}'
  const change = async (call: Call, target: string | null): Promise<object> => {
    const { params } = call
    const name = parseName(params['name'] ?? '')
    const caller = await limits.changer(call)
    await scopes.mayWrite(caller, name)
    await changes.setTag(caller, name.full, checkTag(params['tag'] ?? ''), target)
    return { ok: true }
  }

  return (server) => {
    addRoute(server, {
      method: 'GET',
      path: '/-/package/{name}/dist-tags',
      access: 'anyone',
      async handler({ params }) {
        const found = await findPackage(sources.database, parseName(params['name'] ?? '').full)
        return (await shownPackage(sources, found)).tags
      },
    })
    for (const method of ['PUT', 'POST'] as const)
      addRoute(server, {
        method,
        path,
        access: 'signed-in',
        body: version,
        handler: async (call, h) => h.response(await change(call, call.body as string)).code(201),
      })
    addRoute(server, {
      method: 'DELETE',
      path,
      access: 'signed-in',
      handler: (call) => change(call, null),
    })
  }
}
