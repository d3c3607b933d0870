import type { JsonSchema } from '@dcesop/sdk-plugin'
import { Problem } from '@dcesop/sdk-plugin'
import { compileCheck, queryOf, readJson } from '@dcesop/sdk-plugin/http'
import type { Lifecycle, Request, ResponseToolkit, Server } from '@hapi/hapi'
import type { Caller } from '../identity/caller.ts'
import { contextOf } from './request-context.ts'
import { signedIn } from './authentication.ts'

export interface JsonRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** `anyone` also gets a caller when a token was sent. */
  readonly access: 'anyone' | 'signed-in'
  /** Changes nothing although its method says so: open to read-only tokens. */
  readonly reading?: boolean
  /** Serves parts of its answer; the handler looks at the asked range first. */
  readonly ranges?: boolean
  readonly query?: JsonSchema
  /** A closed schema, or null for a route that takes no body. */
  readonly body?: JsonSchema
  readonly maxBytes?: number
  handler(call: Call, h: ResponseToolkit): Lifecycle.ReturnValue | Promise<Lifecycle.ReturnValue>
}

/** One validated request. */
export interface Call {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  /** @throws Problem 401 */
  caller(): Caller
  readonly callerOrNone: Caller | undefined
}

/** Registers a route whose body, if any, is JSON, with its checks compiled once. */
export function addRoute(server: Server, route: JsonRoute): void {
  const query = route.query && compileCheck(route.query, 'query')
  const body = route.body && compileCheck(route.body, 'body')
  server.route({
    method: route.method,
    path: route.path,
    options: {
      auth: route.access === 'anyone' ? { strategy: 'token', mode: 'try' } : 'token',
      tags: route.reading ? ['reading'] : [],
      response: { ranges: route.ranges ?? false },
    },
    async handler(request, h) {
      if (body) requireJson(request)
      const input = queryOf(request)
      const call: Call = {
        request,
        params: request.params as Record<string, string>,
        query: (query ? query(input) : input) as Record<string, unknown>,
        body: body ? await readJson(request.raw.req, route.maxBytes ?? 64 * 1024, body) : undefined,
        caller: () => signedIn(request),
        callerOrNone: contextOf(request.raw.req).caller,
      }
      if (!body) request.raw.req.resume()
      return route.handler(call, h)
    },
  })
}

/** A page of another site can send a form without asking, and never JSON. @throws Problem 415 */
export function requireJson({ raw }: Request): void {
  const type = raw.req.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new Problem(415, 'unsupported_media_type', 'This route accepts application/json.')
}
