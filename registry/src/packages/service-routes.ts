import { Problem } from '@dcesop/sdk-plugin'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import type { Database } from '../storage/database.ts'

/** `npm ping`, health, and a clear no to every part of npm's own interface that is not here. */
export function serviceRoutes(database: Database): Routes {
  return (server) => {
    addRoute(server, { method: 'GET', path: '/-/ping', access: 'anyone', handler: () => ({}) })
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
    server.route({
      method: '*',
      path: '/-/{path*}',
      options: { auth: false, tags: ['fallback'] },
      handler({ method, path }) {
        throw new Problem(404, 'not_found', `This registry does not offer ${method.toUpperCase()} ${path}.`)
      },
    })
  }
}
