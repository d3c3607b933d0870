import type { Identity, RouteDefinition, RouteShapes } from '@dcesop/sdk-plugin'
import { Problem } from '@dcesop/sdk-plugin'
import type { Lifecycle, Request, ResponseToolkit, RouteOptions, Server } from '@hapi/hapi'
import { contextOf } from './request-context.ts'
import { compileCheck, parseStrictJson, queryOf } from '@dcesop/sdk-plugin/http'

/** Who may call: anyone, anyone signed in, holders of a permission, or whoever the handler decides about (`optional` authenticates when it can). */
export type Access = 'public' | 'optional' | 'signed-in' | { readonly permission: string }

/** What the front door reads from a route before it runs it. */
export interface RoutePolicy {
  readonly access: Access
  /** Whether a request is the person's activity; default true. */
  readonly activity?: boolean
  /** Whether asking without a valid session is on record; default true. */
  readonly recordsStrangers?: boolean
  /** Accepted media types of a body; default JSON only. With other types the handler gets the bytes; any-type routes check for themselves. */
  readonly contentTypes?: readonly string[]
}

declare module '@hapi/hapi' {
  interface PluginSpecificConfiguration {
    dcesop?: RoutePolicy & { definition?: CoreRoute<RouteShapes> }
  }
}

/** A hapi request with the validated shapes. */
export type CoreRequest<S extends RouteShapes> = Omit<Request, 'params' | 'query' | 'payload'> & {
  readonly params: S['Params']
  readonly query: S['Query']
  readonly payload: S['Payload']
}

/** A route of the core itself; the front door authenticates, applies policy and limits, audits denials and answers problems. */
export interface CoreRoute<S extends RouteShapes = RouteShapes>
  extends Omit<RouteDefinition<S>, 'handler'>, RoutePolicy {
  /** How long an answer may take, ms; default 5 s for what only reads, no limit for the rest. */
  readonly timeoutMs?: number
  /** Largest body in bytes; default 64 KiB. */
  readonly maxBytes?: number
  /** `stream` hands the unread body over as `Readable`. */
  readonly payload?: 'json' | 'stream'
  /** Left out of the OpenAPI document (static files). */
  readonly undocumented?: boolean
  handler(request: CoreRequest<S>, h: ResponseToolkit): Lifecycle.ReturnValue | Promise<Lifecycle.ReturnValue>
}

/** A database that hangs keeps a question waiting for half a minute, and its person too. */
const usualReadMs = 5_000

const nothing = { type: 'object', additionalProperties: false }

/** Registers a core route with its checks. */
export function addRoute<S extends RouteShapes>(server: Server, route: CoreRoute<S>): void {
  const definition = route as unknown as CoreRoute<RouteShapes>
  const params = route.params && compileCheck(route.params, 'params')
  const query = compileCheck(route.query ?? nothing, 'query')
  const raw = route.payload === 'stream' || (route.contentTypes !== undefined && !route.body)
  const body = raw || route.method === 'GET' ? undefined : compileCheck(route.body ?? nothing, 'body')
  const options: RouteOptions = {
    auth: authOf(route.access),
    plugins: { dcesop: { ...policyOf(route), definition } },
    ...payloadOf(route),
    ...limitOf(route),
  }
  server.route({
    method: route.method,
    path: route.path,
    options,
    handler: (request, h) => {
      const input = request as unknown as { params: unknown; query: unknown; payload: unknown }
      if (params) input.params = params({ ...request.params })
      input.query = query(queryOf(request))
      if (body && request.raw.req.headers['content-encoding'])
        throw new Problem(415, 'unsupported_media_type', 'Send the body without a content encoding.')
      if (body)
        input.payload = body(
          jsonOf(
            request.payload,
            !route.body && (route.method === 'DELETE' || request.raw.req.headers['content-type'] === undefined),
          ),
        )
      return definition.handler(request as unknown as CoreRequest<RouteShapes>, h)
    },
  })
}

/** Who makes the request. @throws Problem 401 `not_signed_in` */
export function identityOf(request: { raw: { req: Request['raw']['req'] } }): Identity {
  const identity = contextOf(request.raw.req).identity
  if (!identity) throw new Problem(401, 'not_signed_in', 'Sign in first.')
  return identity
}

/** Id that names the request in logs and audit records. */
export function traceIdOf(request: { raw: { req: Request['raw']['req'] } }): string {
  return contextOf(request.raw.req).traceId
}

/** @param optional whether no body at all stands for an empty object; with a content type something must come */
function jsonOf(payload: unknown, optional: boolean): unknown {
  const empty = !Buffer.isBuffer(payload) || payload.length === 0
  if (empty && optional) return {}
  if (empty) throw new Problem(400, 'malformed_json', 'The body is empty; JSON is expected.')
  return parseStrictJson(payload)
}

function authOf(access: Access): RouteOptions['auth'] {
  if (access === 'public') return false
  return { strategy: 'dcesop', mode: access === 'optional' ? 'try' : 'required' }
}

function policyOf(route: RoutePolicy): RoutePolicy {
  const { access, activity, recordsStrangers, contentTypes } = route
  return {
    access,
    ...(activity === undefined ? {} : { activity }),
    ...(recordsStrangers === undefined ? {} : { recordsStrangers }),
    ...(contentTypes ? { contentTypes } : {}),
  }
}

function limitOf({ method, timeoutMs = method === 'GET' ? usualReadMs : undefined }: CoreRoute): RouteOptions {
  return timeoutMs === undefined ? {} : { timeout: { server: timeoutMs } }
}

function payloadOf(route: Pick<CoreRoute, 'method' | 'maxBytes' | 'payload'>): RouteOptions {
  if (route.method === 'GET') return {}
  const maxBytes = route.maxBytes ?? 64 * 1024
  return { payload: { parse: false, output: route.payload === 'stream' ? 'stream' : 'data', maxBytes } }
}
