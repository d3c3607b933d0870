import { closeInSteps, compareWeakly, limitConnections } from '@dcesop/sdk-plugin/http'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { HttpConfig } from '../config/config.ts'
import type { Duplex } from 'node:stream'
import { answerClientError, unserved } from './client-error.ts'
import { contextOf } from './request-context.ts'
import { watchBodies } from './stalled-bodies.ts'

const always: readonly (readonly [string, string])[] = [
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
]

/** The listening server with its limits: stalled headers and stalled bodies are answered 408 and closed. */
export function createListener(config: HttpConfig): Server {
  const headers = config.publicUrl?.startsWith('https:')
    ? [...always, ['strict-transport-security', 'max-age=63072000; includeSubDomains'] as const]
    : always
  const answerError = (error: Error & { code?: string }, socket: Duplex) => answerClientError(error, socket, headers)
  const server = createServer({
    headersTimeout: config.headersTimeoutMs,
    requestTimeout: 0,
    connectionsCheckingInterval: config.connectionsCheckingIntervalMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    maxHeaderSize: 16_384,
    // Node answers without a problem; the server looks at the host itself.
    requireHostHeader: false,
  })
  server.maxHeadersCount = 100
  closeInSteps(server)
  limitConnections(server, config.limits.connectionsPerAddress)
  const follow = watchBodies(server, config.bodyPatienceMs, config.connectionsCheckingIntervalMs, ({ socket }) =>
    answerError(Object.assign(new Error('The body stalled.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket),
  )
  const prepare = (request: IncomingMessage, response: ServerResponse) => {
    compareWeakly(request)
    for (const [name, value] of headers) response.setHeader(name, value)
    response.setHeader('x-trace-id', contextOf(request).traceId)
    // While it drains, a connection is not kept for another request.
    if (!server.listening) response.shouldKeepAlive = false
    follow(request)
  }
  server.on('request', prepare)
  server.on('checkContinue', prepare)
  server.on('checkExpectation', ({ socket }) => answerError(unserved.expectation, socket))
  server.on('connect', (_request, socket) => {
    // Node has let go of it: an error that nobody hears ends the process.
    socket.on('error', () => socket.destroy())
    answerError(unserved.connect, socket)
  })
  server.on('clientError', answerError)
  return server
}
