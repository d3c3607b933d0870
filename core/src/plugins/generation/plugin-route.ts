import { type Identity, type PluginRequest, Problem } from '@dcesop/sdk-plugin'
import {
  asError,
  limitedStream,
  noInput,
  paramsOf,
  type PluginRoute,
  queryOf,
  readJson,
  routeDefaults,
  type Validators,
  within,
} from '@dcesop/sdk-plugin/http'
import type { RouteDeclaration } from '@dcesop/sdk-plugin/manifest'
import type { Lifecycle, Request, ResponseToolkit, RouteOptions, ServerRoute } from '@hapi/hapi'
import type { AuditPort } from '../../ports.ts'
import { regionId } from './region-id.ts'
import { runAs } from './attribution.ts'
import { auditOf, callOf, regionDenied } from './call.ts'
import { ownTime } from './loop-time.ts'
import { answerPlain } from './plain-answer.ts'

export interface RouteOwner {
  readonly plugin: string
  readonly version: string
  readonly audit: AuditPort
}

declare module '@hapi/hapi' {
  interface RouteOptionsApp {
    /** What the manifest says about a plugin's route; dispatch reads it before the request is handed over. */
    declaration?: RouteDeclaration
  }
}

/** What a plugin's handler is given, while it is put together. */
type Given = { -readonly [Member in keyof PluginRequest]: PluginRequest[Member] }

/** One getter for all requests: one of its own for each would make every request an object of its own shape, which is slow. */
const lazySignal: PropertyDescriptor & ThisType<Request> = {
  get() {
    return callOf(this.raw.req).cancellation.signal
  },
}

/** The hapi route that validates, limits the time, and runs the plugin's handler under its name. */
export function toHapiRoute(
  { definition, declaration }: PluginRoute,
  owner: RouteOwner,
  validators: Validators,
): ServerRoute {
  const name = `${definition.method} ${definition.path}`
  const params = validators.compile(definition.params ?? paramsOf(definition.path), 'params', name)
  const query = validators.compile(definition.query ?? noInput, 'query', name)
  const body = definition.body && validators.compile(definition.body, 'body', name)
  const { timeoutMs = routeDefaults.timeoutMs, maxBytes = routeDefaults.maxBytes, streaming = false } = declaration
  const prefix = `/api/plugins/${owner.plugin}`
  const attribution = { plugin: owner.plugin, version: owner.version }
  const payloadOf = ({ raw: { req } }: Request): unknown =>
    streaming ? limitedStream(req, maxBytes) : readJson(req, maxBytes, body)
  const handler = async (request: Request, h: ResponseToolkit) => {
    const call = callOf(request.raw.req)
    const input = {
      params: params({ ...request.params }),
      query: query(queryOf(request)),
      payload: request.method === 'get' ? null : await payloadOf(request),
    }
    const { identity, traceId, cancellation } = call
    const own = request as unknown as Given
    // One by one: copying members from object to object takes several times as long.
    own.params = input.params
    own.query = input.query
    own.payload = input.payload
    own.identity = identity
    own.traceId = traceId
    own.audit = auditOf(owner.audit, owner.plugin, call)
    own.auth.isAuthenticated = true
    own.auth.credentials = { identity } as unknown as typeof own.auth.credentials
    Object.defineProperty(request, 'signal', lazySignal)
    const run = async () => definition.handler(own, h)
    const begun = ownTime(owner.plugin)
    try {
      const value = await runAs({ ...attribution, traceId, call }, () => within(timeoutMs, cancellation, run))
      call.handlerMs = ownTime(owner.plugin) - begun
      return answerPlain(request, h, traceId, value as Lifecycle.ReturnValueTypes)
    } catch (thrown) {
      const region = isUnknown(thrown) ? foreignRegion(identity, input) : undefined
      // Of a path the host itself knows which part is the region.
      if (region !== undefined)
        await owner.audit.append(
          regionDenied(owner.plugin, call, region, `${definition.method} ${prefix}${definition.path}`),
        )
      throw asError(thrown)
    }
  }
  return {
    method: definition.method,
    path: definition.path === '/' ? prefix : prefix + definition.path,
    handler: handler as Lifecycle.Method,
    options: { app: { declaration }, ...payloadOptions(definition.method, declaration) },
  }
}

const isUnknown = (thrown: unknown) => thrown instanceof Problem && thrown.status === 404

/** A region in the query or body that is none of the caller's; what they made up is not put on record. */
function foreignRegion(
  { regions }: Identity,
  { query, payload }: { readonly query: unknown; readonly payload: unknown },
): string | undefined {
  return [query, payload]
    .map((part) => (part as { readonly region?: unknown } | null | undefined)?.region)
    .find((region) => typeof region === 'string' && regionId.test(region) && !regions.includes(region)) as
    | string
    | undefined
}

function payloadOptions(method: string, declaration: RouteDeclaration): Pick<RouteOptions, 'payload'> {
  if (method === 'GET') return {}
  const { maxBytes = routeDefaults.maxBytes, accepts = ['application/json'] } = declaration
  return { payload: { output: 'stream', parse: false, maxBytes, allow: [...accepts] } }
}
