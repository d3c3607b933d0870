import { createGuardedServer, headProblem } from '@dcesop/sdk-plugin/http'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { HttpConfig } from '../config/config.ts'
import { problemBody } from './problem-response.ts'
import { titleOf } from './problems.ts'
import { contextOf } from './request-context.ts'
import { securityHeaders } from './security-headers.ts'

/** Where the realtime hub takes WebSockets. */
const sockets = '/socket.io/?'

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
    shouldUpgrade: isHandshake,
    arrived(request, response) {
      // The core's and a plugin's hapi, dispatch, limits and metrics each watch the same response.
      response.setMaxListeners(30)
      response.setHeader('x-trace-id', contextOf(request).traceId)
      arrived(request, response)
    },
  })
}

/** Whether the realtime hub can take it. Engine.IO answers others in no form of ours, some of them behind its own 101. */
function isHandshake(request: IncomingMessage): boolean {
  const { headers, method, url = '' } = request
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket' || !url.startsWith(sockets)) return false
  const query = new URLSearchParams(url.slice(sockets.length))
  const says = (name: string, value: string) => query.getAll(name).join() === value
  return says('EIO', '4') && says('transport', 'websocket') && says('sid', '') && headProblem(request) === undefined
}
