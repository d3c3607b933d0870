import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { HttpConfig } from '../config/config.ts'
import { answerClientError } from './client-error.ts'
import { contextOf } from './request-context.ts'
import { setSecurityHeaders } from './security-headers.ts'
import { StalledBodies } from './stalled-bodies.ts'

/**
 * The listening server with its limits: stalled headers are closed after `headersTimeoutMs`, stalled bodies after `bodyTimeoutMs`
 * (each plus one checking interval), which hapi's own payload timeout does not do.
 * @param arrived called for each request before any handler
 */
export function createListener(
  config: HttpConfig,
  arrived: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const https = config.publicOrigin?.startsWith('https:') === true
  const server = createServer({
    headersTimeout: config.headersTimeoutMs,
    requestTimeout: 0,
    connectionsCheckingInterval: config.connectionsCheckingIntervalMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    maxHeaderSize: config.maxHeaderBytes,
    requireHostHeader: true,
  })
  server.maxHeadersCount = 100
  server.maxRequestsPerSocket = 0
  const bodies = new StalledBodies(config.bodyTimeoutMs, config.connectionsCheckingIntervalMs, (request, response) => {
    if (response.headersSent) request.socket.destroy()
    else
      answerClientError(
        Object.assign(new Error('The body stalled.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
        request.socket,
      )
  })
  bodies.watch(server)
  const prepare = (request: IncomingMessage, response: ServerResponse) => {
    setSecurityHeaders(response, https)
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
  server.on('clientError', answerClientError)
  return server
}
