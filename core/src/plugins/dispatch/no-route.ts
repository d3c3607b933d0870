import { Problem } from '@dcesop/sdk-plugin'
import type { Request, ResponseToolkit } from '@hapi/hapi'
import { problemBody } from '../../http/problem-response.ts'
import { contextOf } from '../../http/request-context.ts'
import type { Generation } from '../generation/generation.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** 405 with the methods that the plugin answers at this path (RFC 9110, 15.5.6). @throws Problem 404 when there are none */
export function noRoute(generation: Generation, request: Request, h: ResponseToolkit) {
  const found = methods.filter((method) => generation.match(method, request.path) !== null)
  if (found.length === 0) throw new Problem(404, 'not_found', 'There is no such address.')
  const allow = (found.includes('GET') ? ['GET', 'HEAD', ...found.slice(1)] : found).join(', ')
  const problem = new Problem(405, 'method_not_allowed', `This address answers ${allow}.`)
  const body = problemBody(problem, contextOf(request.raw.req).traceId)
  return h
    .response(body)
    .code(405)
    .type('application/problem+json')
    .header('allow', allow)
    .header('cache-control', 'no-store')
}
