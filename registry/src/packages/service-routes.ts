import { Problem } from '@dcesop/sdk-plugin'
import { allowedMethods } from '@dcesop/sdk-plugin/http'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import type { Database } from '../storage/database.ts'

/** A public key that signs versions, as npm's clients read it. */
export interface PublicKey {
  readonly keyid: string
  readonly keytype: string
  readonly scheme: string
  /** DER of the public key in base64. */
  readonly key: string
  readonly expires: string | null
}

/** Of `npm team`, and of `npm access grant` and `revoke`. */
const ofTeams = /^\/-\/(?:team\/|org\/[^/]+\/team$)/

/** `npm ping`, keys, health, and a clear no to every part of npm's own interface that is not here. */
export function serviceRoutes(database: Database, keys: () => Promise<readonly PublicKey[]>): Routes {
  return (server) => {
    addRoute(server, { method: 'GET', path: '/-/ping', access: 'anyone', handler: () => ({}) })
    addRoute(server, {
      method: 'GET',
      path: '/',
      access: 'anyone',
      handler: () => ({ name: 'DCESOP plugin registry', protocol: 'npm' }),
    })
    addRoute(server, {
      method: 'GET',
      path: '/-/npm/v1/keys',
      access: 'anyone',
      handler: async () => ({ keys: await keys() }),
    })
    addRoute(server, { method: 'GET', path: '/healthz', access: 'anyone', handler: () => ({ status: 'alive' }) })
    addRoute(server, {
      method: 'GET',
      path: '/readyz',
      access: 'anyone',
      async handler() {
        await database.ping()
        return { ready: true }
      },
    })
    // Of GET as well: the name of a package and a version would match.
    for (const method of ['*', 'GET'] as const)
      server.route({
        method,
        path: '/-/{path*}',
        options: { auth: false, tags: ['fallback'] },
        handler(request) {
          if (ofTeams.test(request.path))
            throw new Problem(
              403,
              'not_supported',
              'There are no teams here: npm org set <scope> <user> developer lets somebody publish.',
            )
          const offered = `This registry does not offer ${request.method.toUpperCase()} ${request.path}.`
          throw allowedMethods(request).length > 0
            ? new Problem(405, 'method_not_allowed', offered)
            : new Problem(404, 'not_found', offered)
        },
      })
  }
}
