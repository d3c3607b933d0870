import { Problem } from '@dcesop/sdk-plugin'
import Hapi, { type Server, type ServerRoute } from '@hapi/hapi'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { applyProblems } from '../../http/problem-response.ts'
import type { Log } from '../../ports.ts'
import { callOf } from './call.ts'

/** A hapi server that never listens: it is handed raw requests. */
export interface ChildServer {
  readonly server: Server
  handle(request: IncomingMessage, response: ServerResponse): void
}

/** Data answers are never cached and never interpreted as a page. */
const headers: readonly (readonly [string, string])[] = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
]

/**
 * Started although it never listens: without `start` every answer would close its connection. `cleanStop` is off because hapi's
 * own socket tracking fails on a listener that never listened; the host counts requests itself.
 */
export async function createChildServer(routes: readonly ServerRoute[], log: Log): Promise<ChildServer> {
  const listener = createServer()
  const server = Hapi.server({
    listener,
    autoListen: false,
    operations: { cleanStop: false },
    debug: false,
    compression: { minBytes: 1024 },
    routes: { state: { parse: false, failAction: 'ignore' }, response: { emptyStatusCode: 204 } },
  })
  server.auth.scheme('host', () => ({
    authenticate: (request, h) => h.authenticated({ credentials: { identity: callOf(request.raw.req).identity } }),
  }))
  server.auth.strategy('host', 'host')
  server.auth.default('host')
  applyProblems(server, log)
  server.ext('onPreResponse', (request, h) => {
    const { response } = request
    if (response instanceof Error)
      throw new Problem(500, 'internal_error', 'Something failed on our side.', { cause: response })
    // What is left of a refused body is read away: closing over unread bytes resets the connection, and the answer is lost.
    if (response.statusCode >= 400) request.raw.req.resume()
    // A compressor would hold back the small steps of a streamed answer.
    if (response.variety === 'stream') request.info.acceptEncoding = 'identity'
    for (const [name, value] of headers) response.header(name, value)
    response.header('x-trace-id', callOf(request.raw.req).traceId)
    return h.continue
  })
  server.route([...routes])
  await server.start()
  return { server, handle: (request, response) => void listener.emit('request', request, response) }
}
