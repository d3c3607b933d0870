import { Problem } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { Server as Engine } from 'engine.io'
import { type IncomingMessage, type Server as HttpServer, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ForeignOriginDeps, refuseForeignOrigin } from '../http/foreign-origin.ts'
import { sendProblem } from '../http/raw-problem.ts'
import { contextOf } from '../http/request-context.ts'
import { isSameOrigin } from '../http/same-origin.ts'
import { securityHeaders } from '../http/security-headers.ts'
import type { Log } from '../ports.ts'
import { Places } from './places.ts'

export interface UpgradeDeps extends ForeignOriginDeps {
  readonly publicOrigin: string | null
  /** Sockets of one client's address, also behind a proxy, whose own connections are not limited. */
  readonly socketsPerAddress: number
  readonly log: Log
}

/** The one version of RFC 6455, and a key of 16 bytes (4.1). */
const version = '13'
const keyForm = /^[A-Za-z0-9+/]{22}==$/

/** Takes the upgrades, which the listener leaves to it below `/socket.io/` only. */
export function takeUpgrades(listener: HttpServer, engine: Engine, deps: UpgradeDeps): void {
  const perAddress = new Places()
  const take = (request: IncomingMessage, socket: Duplex): Problem | undefined => {
    if (!isSameOrigin(request, deps.publicOrigin)) {
      recordForeign(request, deps)
      return new Problem(403, 'foreign_origin', 'The request comes from a page of another origin.')
    }
    if (request.headers['sec-websocket-version'] !== version)
      return new Problem(426, 'upgrade_required', `The version of WebSocket that is spoken here is ${version}.`)
    if (!keyForm.test(request.headers['sec-websocket-key'] ?? ''))
      return new Problem(400, 'invalid_request', 'Sec-WebSocket-Key is not 16 bytes in base64.')
    if (!perAddress.take(clientAddress(request), socket, deps.socketsPerAddress))
      return new Problem(429, 'too_many_requests', 'Your address has too many sockets open.', { retryAfter: 60 })
    return undefined
  }
  listener.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has let go of it: an error that nobody hears ends the process.
    socket.on('error', () => socket.destroy())
    contextOf(request).route = '/socket.io/'
    const problem = take(request, socket)
    if (problem) return refuse(request, socket, problem, deps.publicOrigin?.startsWith('https:') === true)
    // There is none to agree upon, and the engine would agree to any.
    delete request.headers['sec-websocket-protocol']
    engine.handleUpgrade(request as Parameters<Engine['handleUpgrade']>[0], socket, head)
  })
  // By which the records of what it asks for can be found.
  engine.on('initial_headers', (headers: Record<string, string>, request: IncomingMessage) => {
    headers['x-trace-id'] = contextOf(request).traceId
  })
}

/** Nobody waits for it: the socket was refused already. */
function recordForeign(request: IncomingMessage, deps: UpgradeDeps): void {
  refuseForeignOrigin(request, deps).catch((err: unknown) => {
    if (!(err instanceof Problem)) deps.log.error({ err }, 'a socket from another origin was not recorded')
  })
}

/** Like every other refusal, on a socket for which Node has made no response. */
function refuse(request: IncomingMessage, socket: Duplex, problem: Problem, https: boolean): void {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  for (const [name, value] of securityHeaders(https)) response.setHeader(name, value)
  response.setHeader('x-trace-id', contextOf(request).traceId)
  if (problem.status === 426) {
    response.setHeader('connection', 'upgrade, close')
    response.setHeader('upgrade', 'websocket')
    response.setHeader('sec-websocket-version', version)
  }
  response.assignSocket(socket as Socket)
  response.on('finish', () => socket.end())
  sendProblem(request, response, problem)
}
