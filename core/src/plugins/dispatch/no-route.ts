import { Problem } from '@dcesop/sdk-plugin'
import type { ServerResponse } from 'node:http'
import type { Generation } from '../generation/generation.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** 405 with the methods that the plugin answers at this path (RFC 9110, 15.5.6), 404 when there are none. */
export function noRoute(generation: Generation, path: string, response: ServerResponse): Problem {
  const found = methods.filter((method) => generation.match(method, path) !== null)
  if (found.length === 0) return new Problem(404, 'not_found', 'There is no such address.')
  const allow = (found.includes('GET') ? ['GET', 'HEAD', ...found.slice(1)] : found).join(', ')
  response.setHeader('allow', allow)
  return new Problem(405, 'method_not_allowed', `This address answers ${allow}.`)
}
