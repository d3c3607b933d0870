import type { PluginRequest, RouteDefinition, RouteShapes } from '@dcesop/sdk-plugin'
import type { RouteDeclaration } from '@dcesop/sdk-plugin/manifest'
import type { Lifecycle, Request, ResponseToolkit, RouteOptions, ServerRoute } from '@hapi/hapi'
import type { AuditPort } from '../../ports.ts'
import { asError } from './as-error.ts'
import { runAs } from './attribution.ts'
import { limitedStream, readJson } from './body.ts'
import { auditOf, callOf } from './call.ts'
import { within } from './deadline.ts'
import type { Validators } from './validators.ts'

export const routeDefaults = { maxBytes: 65_536, timeoutMs: 10_000 } as const

/** A route as registered and as declared. */
export interface PluginRoute {
  readonly definition: RouteDefinition<RouteShapes>
  readonly declaration: RouteDeclaration
}

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

const nothing = { type: 'object', additionalProperties: false } as const

/** The hapi route that validates, limits the time, and runs the plugin's handler under its name. */
export function toHapiRoute(
  { definition, declaration }: PluginRoute,
  owner: RouteOwner,
  validators: Validators,
): ServerRoute {
  const name = `${definition.method} ${definition.path}`
  const params = validators.compile(definition.params ?? paramsOf(definition.path), 'params', name)
  const query = validators.compile(definition.query ?? nothing, 'query', name)
  const body = definition.body && validators.compile(definition.body, 'body', name)
  const { timeoutMs = routeDefaults.timeoutMs, maxBytes = routeDefaults.maxBytes, streaming = false } = declaration
  const attribution = { plugin: owner.plugin, version: owner.version }
  const payloadOf = async ({ method, raw: { req } }: Request): Promise<unknown> => {
    if (method === 'get') return null
    return streaming ? limitedStream(req, maxBytes) : readJson(req, maxBytes, body)
  }
  const handler = async (request: Request, h: ResponseToolkit) => {
    const call = callOf(request.raw.req)
    const input = {
      params: params({ ...request.params }),
      query: query({ ...request.query }),
      payload: await payloadOf(request),
    }
    const extended = Object.assign(request, input, {
      identity: call.identity,
      signal: call.abort.signal,
      traceId: call.traceId,
      audit: auditOf(owner.audit, owner.plugin, call),
    })
    const run = async () => definition.handler(extended as unknown as PluginRequest, h)
    try {
      return await runAs({ ...attribution, traceId: call.traceId }, () => within(timeoutMs, call.abort, run))
    } catch (thrown) {
      throw asError(thrown)
    }
  }
  const prefix = `/api/plugins/${owner.plugin}`
  return {
    method: definition.method,
    path: definition.path === '/' ? prefix : prefix + definition.path,
    handler: handler as Lifecycle.Method,
    options: { app: { declaration }, ...payloadOptions(definition.method, declaration) },
  }
}

/** Path parameters without a schema are texts of at most 200 characters. */
function paramsOf(path: string) {
  const names = [...path.matchAll(/\{([A-Za-z0-9_]+)[?*0-9]*\}/g)].map(([, name]) => name as string)
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string', maxLength: 200 }]))
  return { type: 'object', properties, additionalProperties: false }
}

function payloadOptions(method: string, declaration: RouteDeclaration): Pick<RouteOptions, 'payload'> {
  if (method === 'GET') return {}
  const { maxBytes = routeDefaults.maxBytes, accepts = ['application/json'] } = declaration
  return { payload: { output: 'stream', parse: false, maxBytes, allow: [...accepts] } }
}

/** @throws Error that lists each difference between what is registered and what the manifest declares */
export function pairRoutes(
  plugin: string,
  definitions: readonly RouteDefinition<RouteShapes>[],
  declarations: readonly RouteDeclaration[],
): PluginRoute[] {
  const declared = new Map(
    declarations.map((declaration) => [`${declaration.method} ${declaration.path}`, declaration]),
  )
  const registered = new Set(definitions.map(({ method, path }) => `${method} ${path}`))
  const undeclared = [...registered].filter((name) => !declared.has(name))
  const unserved = [...declared.keys()].filter((name) => !registered.has(name))
  const twice = definitions.length - registered.size
  if (undeclared.length + unserved.length + twice > 0) {
    throw new Error(
      `The routes of plugin "${plugin}" are not those of its manifest. ` +
        `Registered but not declared: ${undeclared.join(', ') || 'none'}. Declared but not registered: ${unserved.join(', ') || 'none'}. ` +
        `Registered twice: ${twice}.`,
    )
  }
  return definitions.map((definition) => ({
    definition,
    declaration: declared.get(`${definition.method} ${definition.path}`) as RouteDeclaration,
  }))
}
