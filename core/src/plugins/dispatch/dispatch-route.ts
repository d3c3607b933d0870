import { Problem } from '@dcesop/sdk-plugin'
import { abortOnClose, mediaTypeAllowed } from '@dcesop/sdk-plugin/http'
import type { Lifecycle, Request, ResponseToolkit, RouteOptions, Server } from '@hapi/hapi'
import { contextOf } from '../../http/request-context.ts'
import type { AuditPort, Authenticator, CoreRoutes, Identity, PolicyPort } from '../../ports.ts'
import type { RequestSample } from '../host-types.ts'
import type { Call } from '../generation/call.ts'
import type { Generation } from '../generation/generation.ts'
import type { Slot } from '../lifecycle/slot.ts'
import type { ServerResponse } from 'node:http'
import { noRoute } from './no-route.ts'

export interface DispatchParts {
  readonly authenticator: Authenticator
  readonly policy: PolicyPort
  readonly audit: AuditPort
  slot(plugin: string): Slot | undefined
  readonly rateLimit?: ((request: Request['raw']['req'], identity: Identity | undefined) => Promise<void>) | undefined
  readonly observe?: ((sample: RequestSample) => void) | undefined
}

/** Types that a page of another origin cannot send without asking first; which of them a route takes is in its manifest. */
const preflighted = [
  'application/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/octet-stream',
  'application/xml',
  'text/csv',
]

/** What of the front door applies to the catch-all is decided by the plugin's manifest, so the handler does it. */
const bodiless: RouteOptions = {
  auth: false,
  tags: ['fallback'],
  state: { parse: false, failAction: 'ignore' },
  plugins: { dcesop: { access: 'optional', activity: false, contentTypes: preflighted } },
}
const options: RouteOptions = {
  ...bodiless,
  payload: { parse: false, output: 'stream', maxBytes: Number.MAX_SAFE_INTEGER },
}

/** `/api/plugins/{id}/…`: who, may they, is there room; then the raw request goes to the plugin's active generation. */
export function dispatchRoutes(parts: DispatchParts): CoreRoutes {
  const handler: Lifecycle.Method = async (request, h) => {
    try {
      return await dispatch(request, h, parts)
    } catch (error) {
      // Closing over the unread bytes of a refused body would reset the connection, and the answer would be lost.
      request.raw.req.resume()
      throw error
    }
  }
  return {
    register(server: Server) {
      // hapi prefers a route of the method to one of any method, whatever their paths: the shell's fallback would win every GET.
      const path = '/api/plugins/{id}/{rest*}'
      server.route({ method: 'GET', path, handler, options: bodiless })
      server.route({ method: '*', path, handler, options })
    },
  }
}

async function dispatch(request: Request, h: ResponseToolkit, parts: DispatchParts) {
  const { req, res } = request.raw
  const slot = parts.slot(request.params['id'] as string)
  const first = slot?.active
  const firstRoute = first && matchOf(first, request)
  const activity =
    req.headers['x-dcesop-background'] !== '1' && firstRoute?.settings.app?.declaration?.activity !== false
  const identity = await parts.authenticator.authenticate(req, { activity })
  await parts.rateLimit?.(req, identity)
  if (!identity) throw new Problem(401, 'not_signed_in', 'Sign in first.')
  if (!slot) throw new Problem(404, 'plugin_not_found', 'There is no such plugin.')
  // Read and counted in one go, after the waits above: a generation that was swapped out meanwhile gets no request any more.
  const generation = slot.active
  if (!generation) throw unavailable(slot)
  generation.accept(res)
  const route = generation === first ? firstRoute : matchOf(generation, request)
  const declaration = route?.settings.app?.declaration
  if (!route || !declaration) return noRoute(generation, request, h)
  Object.assign(contextOf(req), { identity, plugin: slot.id, route: route.path })
  await allow(identity, declaration.permission, request, slot.id, parts)
  mediaTypeAllowed(req, declaration)
  observe(request, generation, slot, parts)
  if (!(await admit(slot, generation, res))) return h.abandon
  const call: Call = { identity, traceId: contextOf(req).traceId, abort: abortOnClose(res) }
  // The session's secret is the host's; a plugin sees the identity instead.
  delete req.headers.cookie
  delete req.headers.authorization
  generation.handle(req, res, call)
  return h.abandon
}

function matchOf(generation: Generation, request: Request) {
  try {
    return generation.match(request.method, request.path)
  } catch (cause) {
    throw new Problem(400, 'invalid_request', 'The path of the request cannot be decoded.', { cause })
  }
}

async function allow(identity: Identity, permission: string, request: Request, plugin: string, parts: DispatchParts) {
  if (parts.policy.allows(identity, { permission })) return
  const { traceId, route } = contextOf(request.raw.req)
  const { subject, kind, sessionId } = identity
  await parts.audit.append({
    action: 'access.denied',
    outcome: 'denied',
    actor: { subject, kind, sessionId },
    resource: `${request.method.toUpperCase()} ${route}`,
    reason: permission,
    traceId,
    plugin,
  })
  throw new Problem(403, 'forbidden', 'Your role does not allow this.')
}

function unavailable({ id, state }: Slot): Problem {
  return new Problem(503, 'plugin_unavailable', `Plugin "${id}" does not serve at the moment.`, {
    retryAfter: 5,
    extensions: { plugin: id, state },
  })
}

/** Waits for a place among the plugin's requests. @returns false when the client went away meanwhile */
async function admit(slot: Slot, generation: Generation, response: ServerResponse): Promise<boolean> {
  const retryAfter = slot.breaker.retryAfter
  if (retryAfter > 0) {
    const detail = `Plugin "${slot.id}" failed too often and is given a pause.`
    throw new Problem(503, 'plugin_unavailable', detail, {
      retryAfter,
      extensions: { plugin: slot.id, state: slot.state },
    })
  }
  const leave = await generation.concurrency.enter()
  if (!leave)
    throw new Problem(503, 'plugin_busy', `Plugin "${slot.id}" has too many requests under way.`, { retryAfter: 1 })
  if (response.closed) {
    leave()
    return false
  }
  response.once('close', leave)
  return true
}

/** The plugin's own failures are 500 and 504; other statuses are answers. */
function observe(request: Request, generation: Generation, slot: Slot, { observe: tell }: DispatchParts): void {
  const { req, res } = request.raw
  const { plugin, version } = generation.key
  const { breaker } = slot
  res.once('close', () => {
    const status = res.writableFinished ? res.statusCode : 499
    breaker.record(status === 500 || status === 504)
    const { startedAt, route = '' } = contextOf(req)
    tell?.({
      plugin,
      version,
      method: request.method.toUpperCase(),
      route,
      status,
      seconds: (performance.now() - startedAt) / 1000,
    })
  })
}
