import { createGuardedServer } from '@dcesop/sdk-plugin/http'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { HttpConfig } from '../config/config.ts'
import { problemBody } from './problem-response.ts'
import { titleOf } from './problems.ts'
import { contextOf } from './request-context.ts'
import { securityHeaders } from './security-headers.ts'

/** Below it the realtime hub takes WebSockets. */
const socketPath = '/socket.io/'

/**
 * The host's listening server.
 * @param arrived called for each request before any handler
 */
export function createListener(
  config: HttpConfig,
  arrived: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  return createGuardedServer({
    ...config,
    ...config.limits,
    headers: securityHeaders(config.publicOrigin?.startsWith('https:') === true),
    titleOf,
    bodyOf: (problem) => problemBody(problem, randomBytes(16).toString('hex')),
    // Who offers another protocol, such as h2c, gets his answer in this one.
    shouldUpgrade: ({ headers: { upgrade }, url }) =>
      upgrade?.toLowerCase() === 'websocket' && url?.startsWith(socketPath) === true,
    arrived(request, response) {
      // The core's and a plugin's hapi, dispatch, limits and metrics each watch the same response.
      response.setMaxListeners(30)
      response.setHeader('x-trace-id', contextOf(request).traceId)
      arrived(request, response)
    },
  })
}
