import { randomUUID } from 'node:crypto'
import Hapi from '@hapi/hapi'
import type { Identity } from '../backend/identity.ts'
import { notFound, Problem } from '../backend/problem.ts'
import type { AuditEntry, PluginRequest } from '../backend/route.ts'
import {
  answerProblems,
  asError,
  cancelOnClose,
  finishAnswer,
  limitedStream,
  mediaTypeAllowed,
  noInput,
  paramsOf,
  type PluginRoute,
  pluginServerOptions,
  queryOf,
  readJson,
  routeDefaults,
  routeProblems,
  titleIn,
  Validators,
  within,
} from '../http/index.ts'
import type { RouteDeclaration } from '../manifest/types.ts'

declare module '@hapi/hapi' {
  interface RequestApplicationState {
    identity?: Identity
    traceId?: string
  }
}

/** What a test server needs to know of its host. */
export interface TestServerParts {
  readonly prefix: string
  identify(request: Hapi.Request): Identity | undefined
  audit(entry: AuditEntry): void
  /** Told why an answer has status 500 or above. */
  failed(cause: unknown): void
}

/** The plugin's routes on a listening server of their own, checked and answered by the code that the host runs. */
export async function startTestServer(routes: readonly PluginRoute[], parts: TestServerParts): Promise<Hapi.Server> {
  const server = Hapi.server({ ...pluginServerOptions, host: '127.0.0.1', port: 0 })
  const traceIdOf = ({ app }: Hapi.Request) => (app.traceId ??= randomUUID().replaceAll('-', ''))
  answerProblems(server, {
    titleOf: (code) => titleIn(routeProblems, code),
    traceIdOf,
    failed: (problem) => parts.failed(problem.options.cause ?? problem),
  })
  server.ext('onPreResponse', (request, h) => {
    if (!(request.response instanceof Error)) finishAnswer(request, request.response, traceIdOf(request))
    return h.continue
  })
  server.ext('onRequest', (request, h) => {
    const identity = parts.identify(request)
    if (!identity) throw new Problem(401, 'not_signed_in', 'Sign in first.')
    request.app.identity = identity
    return h.continue
  })
  const validators = new Validators()
  for (const route of routes) server.route(toHapi(route, validators, parts, traceIdOf))
  await server.start()
  return server
}

function toHapi(
  { definition, declaration }: PluginRoute,
  validators: Validators,
  parts: TestServerParts,
  traceIdOf: (request: Hapi.Request) => string,
): Hapi.ServerRoute {
  const name = `${definition.method} ${definition.path}`
  const params = validators.compile(definition.params ?? paramsOf(definition.path), 'params', name)
  const query = validators.compile(definition.query ?? noInput, 'query', name)
  const body = definition.body && validators.compile(definition.body, 'body', name)
  const { maxBytes = routeDefaults.maxBytes, timeoutMs = routeDefaults.timeoutMs, streaming = false } = declaration
  const payloadOf = async ({ method, raw: { req } }: Hapi.Request): Promise<unknown> => {
    if (method === 'get') return null
    return streaming ? limitedStream(req, maxBytes) : readJson(req, maxBytes, body)
  }
  const handler = async (request: Hapi.Request, h: Hapi.ResponseToolkit) => {
    const identity = request.app.identity as Identity
    allow(identity, declaration, request)
    const cancellation = cancelOnClose(request.raw.res)
    const extended = Object.assign(request, {
      params: params({ ...request.params }),
      query: query(queryOf(request)),
      payload: await payloadOf(request),
      identity,
      signal: cancellation.signal,
      traceId: traceIdOf(request),
      audit: async (entry: AuditEntry) => parts.audit(entry),
    })
    try {
      return await within(timeoutMs, cancellation, async () =>
        definition.handler(extended as unknown as PluginRequest, h),
      )
    } catch (thrown) {
      throw asError(thrown)
    }
  }
  const path = definition.path === '/' ? parts.prefix : parts.prefix + definition.path
  // The body is read after the checks that need none of it, by the code above, which knows the limits.
  const payload = { output: 'stream', parse: false, maxBytes: Number.MAX_SAFE_INTEGER } as const
  const options = definition.method === 'GET' ? {} : { payload }
  return { method: definition.method, path, handler: handler as Hapi.Lifecycle.Method, options }
}

function allow(identity: Identity, declaration: RouteDeclaration, request: Hapi.Request): void {
  if (!identity.permissions.has(declaration.permission))
    throw new Problem(403, 'forbidden', 'Your role does not allow this.')
  const { region } = request.params as { region?: string }
  if (region !== undefined && declaration.path.includes('{region}') && !identity.regions.includes(region))
    throw notFound()
  mediaTypeAllowed(request.raw.req, declaration)
}
