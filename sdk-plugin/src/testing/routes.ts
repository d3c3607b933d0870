import { randomUUID } from 'node:crypto'
import Hapi from '@hapi/hapi'
import type { Identity } from '../backend/identity.ts'
import { Problem } from '../backend/problem.ts'
import type { AuditEntry, PluginRequest, RouteDefinition, RouteShapes } from '../backend/route.ts'
import { compileCheck, parseStrictJson } from '../http/index.ts'
import type { PluginManifest, RouteDeclaration } from '../manifest/types.ts'

const closed = { type: 'object', additionalProperties: false } as const

/** The plugin's routes on a real hapi server, with the manifest's permissions and the host's input checks. */
export function createTestRoutes(manifest: PluginManifest) {
  const server = Hapi.server()
  const audits: AuditEntry[] = []
  const identities = new Map<string, Identity>()
  const registered: string[] = []

  server.ext('onPreResponse', ({ response }, h) => {
    if (!(response instanceof Error)) return h.continue
    const problem = response instanceof Problem ? response : undefined
    const status = problem?.status ?? response.output.statusCode
    const { errors, extensions, retryAfter } = problem?.options ?? {}
    const body = { ...extensions, status, code: problem?.code ?? 'error', detail: response.message, errors }
    const reply = h.response(body).code(status).type('application/problem+json')
    return retryAfter === undefined ? reply : reply.header('retry-after', String(retryAfter))
  })

  function route<S extends RouteShapes>(definition: RouteDefinition<S>): void {
    const declared = declarationOf(manifest, definition)
    registered.push(`${definition.method} ${definition.path}`)
    const params = compileCheck(definition.params ?? closed, 'params')
    const query = compileCheck(definition.query ?? closed, 'query')
    const body = definition.body && compileCheck(definition.body, 'body')
    server.route({
      method: definition.method,
      path: definition.path,
      options: bodyOptions(definition.method, declared),
      async handler(request, h) {
        const identity = identities.get(String(request.headers['x-test-identity']))
        if (!identity) throw new Problem(401, 'not_signed_in', 'Sign in first.')
        if (!identity.permissions.has(declared.permission))
          throw new Problem(403, 'forbidden', 'Your role does not allow this.')
        const checked = {
          params: params({ ...request.params }),
          query: query({ ...request.query }),
          payload: body ? body(parseStrictJson(request.payload as Buffer)) : request.payload,
          identity,
          signal: AbortSignal.timeout(declared.timeoutMs ?? 10_000),
          traceId: randomUUID(),
          audit: async (entry: AuditEntry) => void audits.push(entry),
        }
        return definition.handler(Object.assign(request, checked) as unknown as PluginRequest<S>, h)
      },
    })
  }

  async function request(identity: Identity | undefined, method: string, url: string, options: RequestOptions = {}) {
    const key = randomUUID()
    if (identity) identities.set(key, identity)
    const { body, headers } = options
    const raw = typeof body === 'string' || Buffer.isBuffer(body)
    const type = raw ? 'application/x-ndjson' : 'application/json'
    const answer = await server.inject({
      method,
      url,
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers, 'x-test-identity': key },
      ...(body !== undefined && { payload: raw ? body : JSON.stringify(body) }),
    })
    identities.delete(key)
    const json = String(answer.headers['content-type'] ?? '').includes('json') && answer.payload !== ''
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: json && !answer.payload.includes('\n{') ? JSON.parse(answer.payload) : answer.payload,
    }
  }

  /** @throws Error when the plugin registered other routes than the manifest declares */
  function checkDeclared(): void {
    const missing = (manifest.backend?.routes ?? [])
      .map(({ method, path }) => `${method} ${path}`)
      .filter((one) => !registered.includes(one))
    if (missing.length > 0) throw new Error(`Declared but not registered: ${missing.join(', ')}.`)
  }

  return { route, request, audits, checkDeclared, stop: () => server.stop() }
}

export interface RequestOptions {
  /** An object is sent as JSON, a text or buffer as NDJSON unless the headers say otherwise. */
  readonly body?: object | string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

function declarationOf(manifest: PluginManifest, { method, path }: { method: string; path: string }): RouteDeclaration {
  const found = manifest.backend?.routes.find((route) => route.method === method && route.path === path)
  if (!found) throw new Error(`Route ${method} ${path} is not declared in the manifest.`)
  return found
}

function bodyOptions(method: string, declared: RouteDeclaration): Hapi.RouteOptions {
  if (method === 'GET') return {}
  const maxBytes = declared.maxBytes ?? 65_536
  return { payload: { parse: false, output: declared.streaming ? 'stream' : 'data', maxBytes } }
}
