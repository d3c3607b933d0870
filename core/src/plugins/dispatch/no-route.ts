import { Problem } from '@dcesop/sdk-plugin'
import type { RequestRoute } from '@hapi/hapi'
import type { ServerResponse } from 'node:http'
import type { Generation } from '../generation/generation.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Paths below `/_` are asked by the host alone: from outside there is nothing. */
export function reachable(route: RequestRoute | null): RequestRoute | null {
  return route?.settings.app?.declaration?.path.startsWith('/_') ? null : route
}

/** 405 with the methods that the plugin answers at this path (RFC 9110, 15.5.6), 404 when there are none. */
export function noRoute(generation: Generation, path: string, response: ServerResponse): Problem {
  const found = methods.filter((method) => reachable(generation.match(method, path)) !== null)
  if (found.length === 0) return new Problem(404, 'not_found', 'There is no such address.')
  const allow = (found.includes('GET') ? ['GET', 'HEAD', ...found.slice(1)] : found).join(', ')
  response.setHeader('allow', allow)
  return new Problem(405, 'method_not_allowed', `This address answers ${allow}.`)
}
