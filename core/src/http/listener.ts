import { closeInSteps, compareWeakly, limitConnections } from '@dcesop/sdk-plugin/http'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { HttpConfig } from '../config/config.ts'
import type { Duplex } from 'node:stream'
import { answerClientError, unserved } from './client-error.ts'
import { contextOf } from './request-context.ts'
import { securityHeaders } from './security-headers.ts'
import { StalledBodies } from './stalled-bodies.ts'

/** Below it the realtime hub takes WebSockets. */
const socketPath = '/socket.io/'

/**
 * The listening server with its limits: stalled headers are closed after `headersTimeoutMs`, stalled bodies after `bodyTimeoutMs`
 * (each plus one checking interval), which hapi's own payload timeout does not do.
 * @param arrived called for each request before any handler
 */
export function createListener(
  config: HttpConfig,
  arrived: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const headers = securityHeaders(config.publicOrigin?.startsWith('https:') === true)
  const server = createServer({
    headersTimeout: config.headersTimeoutMs,
    requestTimeout: 0,
    connectionsCheckingInterval: config.connectionsCheckingIntervalMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    maxHeaderSize: config.maxHeaderBytes,
    // Node answers without a problem; the door looks at the host itself.
    requireHostHeader: false,
    // Who offers another protocol, such as h2c, gets his answer in this one.
    shouldUpgradeCallback: ({ headers: { upgrade }, url }) =>
      upgrade?.toLowerCase() === 'websocket' && url?.startsWith(socketPath) === true,
  })
  const answerError = (error: Error & { code?: string }, socket: Duplex) => answerClientError(error, socket, headers)
  server.maxHeadersCount = 100
  closeInSteps(server)
  limitConnections(server, config.limits.connectionsPerAddress)
  server.maxRequestsPerSocket = 0
  const bodies = new StalledBodies(config.bodyTimeoutMs, config.connectionsCheckingIntervalMs, (request, response) => {
    if (response.headersSent) request.socket.destroy()
    else
      answerError(Object.assign(new Error('The body stalled.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), request.socket)
  })
  bodies.watch(server)
  const prepare = (request: IncomingMessage, response: ServerResponse) => {
    compareWeakly(request)
    for (const [name, value] of headers) response.setHeader(name, value)
    // While it drains, a connection is not kept for another request.
    if (!server.listening) response.shouldKeepAlive = false
    // The core's and a plugin's hapi, dispatch, limits and metrics each watch the same response.
    response.setMaxListeners(30)
    response.setHeader('x-trace-id', contextOf(request).traceId)
    bodies.follow(request, response)
    arrived(request, response)
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
