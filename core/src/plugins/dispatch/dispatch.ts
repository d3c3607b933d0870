import { notFound, Problem } from '@dcesop/sdk-plugin'
import { announcedWithin, Cancellation, clientGone, mediaTypeAllowed, routeDefaults } from '@dcesop/sdk-plugin/http'
import type { RequestRoute } from '@hapi/hapi'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { traceOf } from '../../audit/actor.ts'
import { denial } from '../../audit/denial.ts'
import type { Strangers } from '../../audit/strangers.ts'
import { refuseForeignOrigin } from '../../http/foreign-origin.ts'
import { contextOf } from '../../http/request-context.ts'
import { checkMediaType, isForeignChange } from '../../http/state-change.ts'
import type { AuditPort, Authenticator, Identity, PolicyPort, RawRoutes } from '../../ports.ts'
import type { Call } from '../generation/call.ts'
import type { Place } from '../generation/concurrency.ts'
import type { Generation } from '../generation/generation.ts'
import { regionId } from '../generation/region-id.ts'
import type { RequestSample } from '../host-types.ts'
import type { Serving } from '../lifecycle/serving.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { noRoute, reachable } from './no-route.ts'

export interface DispatchParts {
  readonly authenticator: Authenticator
  readonly policy: PolicyPort
  readonly audit: AuditPort
  readonly strangers: Strangers
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
  const end = path.indexOf('/', prefix.length)
  const plugin = path.slice(prefix.length, end === -1 ? undefined : end)
  const installed = parts.slot(plugin)
  const first = installed?.active ?? installed?.generations[0]
  const firstRoute = first && matchOf(first, arrival)
  contextOf(request).route = firstRoute?.path ?? prefix
  if (isForeignChange(request, parts.publicOrigin))
    await refuseForeignOrigin(request, { ...parts, limit: parts.rateLimit }, installed && { plugin: installed.id })
  checkMediaType(request, preflighted)
  const activity =
    request.headers['x-dcesop-background'] !== '1' && firstRoute?.settings.app?.declaration?.activity !== false
  const identity = await parts.authenticator.authenticate(request, { activity })
  await parts.rateLimit?.(request, identity)
  if (!identity) {
    await parts.strangers.refused(request)
    throw new Problem(401, 'not_signed_in', 'Sign in first.')
  }
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
  context.identity = identity
  context.plugin = slot.id
  context.route = route.path
  const { permission } = declaration
  const region = regionNamed(route.path, path)
  const decision = parts.policy.decide(identity, { permission, ...(region === undefined ? {} : { region }) })
  if (!decision.allowed) {
    const { reason } = decision
    // What the caller made up is not put on record.
    const known = region !== undefined && regionId.test(region) ? { region } : {}
    await parts.audit.append(denial(request, identity, { reason, plugin: slot.id, ...known, details: { permission } }))
    if (reason === 'region') throw notFound()
    throw new Problem(403, 'forbidden', 'Your role does not allow this.')
  }
  const { closedBy } = generation
  if (closedBy !== undefined) throw closed(slot.id, closedBy)
  mediaTypeAllowed(request, declaration)
  announcedWithin(request, declaration.maxBytes ?? routeDefaults.maxBytes)
  const cancellation = new Cancellation()
  visit.cancellation = cancellation
  const limitMs = declaration.timeoutMs ?? routeDefaults.timeoutMs
  const place = admit(identity, slot, serving, visit, limitMs)
  if (place.admitted !== true) await waitFor(place, slot, visit, limitMs)
  if (visit.left || response.closed) return undefined
  // The session's secret is the host's; a plugin sees the identity instead.
  delete request.headers.cookie
  delete request.headers.authorization
  visit.call = { identity, ...traceOf(request), cancellation }
  visit.limitMs = limitMs
  return { generation, call: visit.call }
}

interface Visit {
  /** Set once the request may go to the plugin: from then on it counts as the plugin's. */
  cancellation?: Cancellation
  /** Gives back its place among the plugin's requests, or stops waiting for one. */
  leave?: () => void
  left?: boolean
  /** What it was handed over with, and how long its handler may take. */
  call?: Call
  limitMs?: number
}

/** A handler that took so much of its time is slow. */
const slowShare = 0.8

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
    observe(arrival, serving, visit, parts)
  })
  return visit
}

function matchOf(generation: Generation, { request, path }: Arrival): RequestRoute | null {
  try {
    return reachable(generation.match(request.method as string, path))
  } catch (cause) {
    throw new Problem(400, 'invalid_request', 'The path of the request cannot be decoded.', { cause })
  }
}

/** The region of the data that the request is about, where its route has `{region}`. */
function regionNamed(template: string | undefined, path: string): string | undefined {
  if (!template?.includes('/{region}')) return undefined
  return path.split('/')[template.split('/').indexOf('{region}')]
}

function unavailable({ id, state: main, generations }: Slot): Problem {
  // It may run, but not in the person's region.
  const state = generations.length > 0 ? 'STOPPED' : main
  return new Problem(503, 'plugin_unavailable', `Plugin "${id}" does not serve at the moment.`, {
    retryAfter: 5,
    extensions: { plugin: id, state },
  })
}

/** What is mandatory fails closed: nobody gets past it while it is down. */
function closed(plugin: string, mandatory: string): Problem {
  const detail = `Plugin "${plugin}" must not answer without "${mandatory}", which does not serve at the moment.`
  return new Problem(503, 'plugin_unavailable', detail, { retryAfter: 5, extensions: { plugin: mandatory } })
}

/** A place among the plugin's requests, or in the queue for one. @throws Problem 503 while the plugin is given a pause */
function admit(
  { subject }: Identity,
  slot: Slot,
  { generation, breaker }: Serving,
  visit: Visit,
  limitMs: number,
): Place {
  const { retryAfter } = breaker
  if (retryAfter > 0) {
    const detail = `Plugin "${slot.id}" failed too often and is given a pause.`
    throw new Problem(503, 'plugin_unavailable', detail, {
      retryAfter,
      extensions: { plugin: slot.id, state: slot.state },
    })
  }
  const place = generation.concurrency.enter(subject, limitMs)
  visit.leave = () => {
    visit.left = true
    place.leave()
  }
  return place
}

/** Waits until it is its turn or the client went away, no longer than the handler may take afterwards. @throws Problem 503 */
async function waitFor(place: Place, slot: Slot, visit: Visit, limitMs: number): Promise<void> {
  const admitted = await place.admitted
  if (admitted || visit.left) return
  const why = admitted === undefined ? 'has too many requests under way' : `had no place for it within ${limitMs} ms`
  throw new Problem(503, 'plugin_busy', `Plugin "${slot.id}" ${why}.`, { retryAfter: 1 })
}

/** The plugin's own failures are 500, 504 and an end of its process; other statuses are answers. */
function observe(
  { request, response }: Arrival,
  serving: Serving,
  { call, limitMs = 0 }: Visit,
  parts: DispatchParts,
): void {
  const { plugin, version } = serving.generation.key
  const status = response.writableFinished ? response.statusCode : 499
  const { startedAt, route = '' } = contextOf(request)
  const seconds = (performance.now() - startedAt) / 1000
  const isSlow = call?.handlerMs !== undefined && call.handlerMs > limitMs * slowShare
  const failed = status === 500 || status === 504 || call?.endedMidway === true
  // Counted as successes, they would close a breaker and praise a canary whose process is away.
  if (!call?.notAsked) serving.record(failed, seconds, isSlow)
  const method = request.method as string
  parts.observe?.({ plugin, version, method, route, status, seconds })
}
