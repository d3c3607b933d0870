import { Problem } from '@dcesop/sdk-plugin'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import { checkPages } from './check-pages.ts'

/** `GET /-/dcesop/v1/checks/{id}`: what a check is about and what its rules mean, as text for people. */
export function checkPageRoutes(): Routes {
  const pages = checkPages()
  return (server) =>
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/checks/{id}',
      access: 'anyone',
      handler({ params }, h) {
        const page = pages.get(`${params['id']}.md`)
        if (page === undefined) throw new Problem(404, 'not_found', `There is no check "${params['id']}".`)
        return h.response(page).type('text/plain')
      },
    })
}
