import { notFound, Problem } from '@dcesop/sdk-plugin'
import { announcedWithin, Cancellation, clientGone, mediaTypeAllowed, routeDefaults } from '@dcesop/sdk-plugin/http'
import type { RequestRoute } from '@hapi/hapi'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { contextOf } from '../../http/request-context.ts'
import { checkStateChange } from '../../http/state-change.ts'
import type { AuditPort, Authenticator, Identity, PolicyPort, RawRoutes } from '../../ports.ts'
import type { Call } from '../generation/call.ts'
import type { Generation } from '../generation/generation.ts'
import { regionId } from '../generation/region-id.ts'
import type { RequestSample } from '../host-types.ts'
import type { Serving } from '../lifecycle/serving.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { noRoute } from './no-route.ts'

export interface DispatchParts {
  readonly authenticator: Authenticator
  readonly policy: PolicyPort
  readonly audit: AuditPort
  readonly publicOrigin: string | null
  slot(plugin: string): Slot | undefined
  /** What serves this person instead: a plugin that they develop. */
  overrideOf(identity: Identity, plugin: string): Slot | undefined
  readonly rateLimit?: ((request: IncomingMessage, identity: Identity | undefined) => Promise<void>) | undefined
  readonly observe?: ((sample: RequestSample) => void) | undefined
}

interface Arrival {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Normalised, without the query. */
  readonly path: string
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

const prefix = '/api/plugins/'

/** `/api/plugins/{id}/…`: who, may they, is there room; then the raw request goes to the plugin's active generation. */
export function createDispatch(parts: DispatchParts): RawRoutes {
  return {
    prefix,
    async handle(request, response, { path, expectsContinue }) {
      checkStateChange(request, preflighted, parts.publicOrigin)
      const accepted = await accept({ request, response, path }, parts)
      if (!accepted) return
      // The client held its body back until somebody wants it.
      if (expectsContinue) response.writeContinue()
      accepted.generation.handle(request, response, accepted.call)
    },
  }
}

/** @returns undefined when the client went away while it waited @throws Problem */
async function accept(
  arrival: Arrival,
  parts: DispatchParts,
): Promise<{ generation: Generation; call: Call } | undefined> {
  const { request, response, path } = arrival
  const plugin = path.slice(prefix.length).split('/', 1)[0] as string
  const installed = parts.slot(plugin)
  const first = installed?.active ?? installed?.generations[0]
  const firstRoute = first && matchOf(first, arrival)
  const activity =
    request.headers['x-dcesop-background'] !== '1' && firstRoute?.settings.app?.declaration?.activity !== false
  const identity = await parts.authenticator.authenticate(request, { activity })
  await parts.rateLimit?.(request, identity)
  if (!identity) throw new Problem(401, 'not_signed_in', 'Sign in first.')
  const slot = parts.overrideOf(identity, plugin) ?? installed
  if (!slot) throw new Problem(404, 'plugin_not_found', 'There is no such plugin.')
  // Read and counted in one go, after the waits above: a generation that was swapped out meanwhile gets no request any more.
  const serving = slot.servingFor(identity, slot.isRegional ? regionNamed(firstRoute?.path, path) : undefined)
  if (!serving) throw unavailable(slot)
  if (response.closed) return undefined
  const { generation } = serving
  const visit = follow(arrival, serving, parts)
  const route = generation === first ? firstRoute : matchOf(generation, arrival)
  const declaration = route?.settings.app?.declaration
  if (!route || !declaration) throw noRoute(generation, path, response)
  const context = contextOf(request)
  Object.assign(context, { identity, plugin: slot.id, route: route.path })
  const { permission } = declaration
  if (!parts.policy.allows(identity, { permission })) {
    await recordDenial(identity, { reason: permission }, arrival, slot.id, parts)
    throw new Problem(403, 'forbidden', 'Your role does not allow this.')
  }
  const region = regionNamed(route.path, path)
  if (region !== undefined && !identity.regions.includes(region)) {
    // What the caller made up is not put on record.
    const known = regionId.test(region) ? { region } : {}
    await recordDenial(identity, { reason: 'region', ...known }, arrival, slot.id, parts)
    throw notFound()
  }
  mediaTypeAllowed(request, declaration)
  announcedWithin(request, declaration.maxBytes ?? routeDefaults.maxBytes)
  const cancellation = new Cancellation()
  visit.cancellation = cancellation
  const leave = await admit(slot, serving)
  if (response.closed) return void leave()
  visit.leave = leave
  // The session's secret is the host's; a plugin sees the identity instead.
  delete request.headers.cookie
  delete request.headers.authorization
  return { generation, call: { identity, traceId: context.traceId, cancellation } }
}

interface Visit {
  /** Set once the request may go to the plugin: from then on it counts as the plugin's. */
  cancellation?: Cancellation
  /** Gives back its place among the plugin's requests. */
  leave?: () => void
}

/** Counts a request as the generation's until its response is closed: one listener for all that is to be done then. */
function follow(arrival: Arrival, serving: Serving, parts: DispatchParts): Visit {
  const { response } = arrival
  const visit: Visit = {}
  const gone = serving.generation.accept(response)
  response.once('close', () => {
    gone()
    visit.leave?.()
    if (!visit.cancellation) return
    if (!response.writableFinished) visit.cancellation.cancel(clientGone())
    observe(arrival, serving, parts)
  })
  return visit
}

function matchOf(generation: Generation, { request, path }: Arrival): RequestRoute | null {
  try {
    return generation.match(request.method as string, path)
  } catch (cause) {
    throw new Problem(400, 'invalid_request', 'The path of the request cannot be decoded.', { cause })
  }
}

async function recordDenial(
  identity: Identity,
  why: { readonly reason: string; readonly region?: string },
  { request }: Arrival,
  plugin: string,
  { audit }: DispatchParts,
): Promise<void> {
  const { traceId, route } = contextOf(request)
  const { subject, kind, sessionId } = identity
  await audit.append({
    action: 'access.denied',
    outcome: 'denied',
    actor: { subject, kind, sessionId },
    resource: `${request.method} ${route}`,
    ...why,
    traceId,
    plugin,
  })
}

/** The region of the data that the request is about, where its route has `{region}`. */
function regionNamed(template: string | undefined, path: string): string | undefined {
  const index = template?.split('/').indexOf('{region}') ?? -1
  return index === -1 ? undefined : path.split('/')[index]
}

function unavailable({ id, state: main, generations }: Slot): Problem {
  // It may run, but not in the person's region.
  const state = generations.length > 0 ? 'STOPPED' : main
  return new Problem(503, 'plugin_unavailable', `Plugin "${id}" does not serve at the moment.`, {
    retryAfter: 5,
    extensions: { plugin: id, state },
  })
}

/** Waits for a place among the plugin's requests. @returns gives the place back @throws Problem 503 when there is none */
async function admit(slot: Slot, { generation, breaker }: Serving): Promise<() => void> {
  const { retryAfter } = breaker
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
  return leave
}

/** The plugin's own failures are 500 and 504; other statuses are answers. */
function observe({ request, response }: Arrival, serving: Serving, parts: DispatchParts): void {
  const { plugin, version } = serving.generation.key
  const status = response.writableFinished ? response.statusCode : 499
  const { startedAt, route = '' } = contextOf(request)
  const seconds = (performance.now() - startedAt) / 1000
  serving.record(status === 500 || status === 504, seconds)
  const method = request.method as string
  parts.observe?.({ plugin, version, method, route, status, seconds })
}
