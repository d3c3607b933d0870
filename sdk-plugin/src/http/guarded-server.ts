import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { answerClientError, type RawAnswers, unserved } from './client-error.ts'
import { trustProxies } from './client-address.ts'
import { closeInSteps } from './close-in-steps.ts'
import { limitConnections } from './limit-connections.ts'
import { compareWeakly, forgetExpectation } from './request-head.ts'
import { watchBodies } from './stalled-bodies.ts'
import { closeUnread } from './unread-answers.ts'

/** Times in milliseconds. */
export interface GuardedServerOptions extends RawAnswers {
  readonly headersTimeoutMs: number
  readonly bodyTimeoutMs: number
  readonly connectionsCheckingIntervalMs: number
  readonly keepAliveTimeoutMs: number
  readonly maxHeaderBytes: number
  readonly connectionsPerAddress: number
  /** Networks of the proxies in front; see `trustProxies`. */
  readonly trustedProxies: readonly string[]
  /** Which requests become another protocol. */
  shouldUpgrade(request: IncomingMessage): boolean
  /** Called for each request before any handler. */
  arrived(request: IncomingMessage, response: ServerResponse): void
}

/**
 * A listening server with limits: headers that stall are closed after `headersTimeoutMs`, bodies that do after `bodyTimeoutMs` (each
 * plus one checking interval), which hapi's own payload timeout does not do, and answers that nobody reads after three times that.
 * What is no request is answered with a problem.
 */
export function createGuardedServer(options: GuardedServerOptions): Server {
  const server = createServer({
    headersTimeout: options.headersTimeoutMs,
    requestTimeout: 0,
    connectionsCheckingInterval: options.connectionsCheckingIntervalMs,
    keepAliveTimeout: options.keepAliveTimeoutMs,
    maxHeaderSize: options.maxHeaderBytes,
    // Node answers without a problem; the handlers look at the host themselves.
    requireHostHeader: false,
    shouldUpgradeCallback: (request) => options.shouldUpgrade(request),
  })
  server.maxHeadersCount = 100
  // Who reads slowly has more time than who sends nothing: a lost packet alone may cost seconds.
  closeUnread(server, 3 * options.bodyTimeoutMs)
  closeInSteps(server)
  const isProxy = trustProxies(server, options.trustedProxies)
  limitConnections(server, options.connectionsPerAddress, isProxy)
  const answerError = (error: Error & { code?: string }, socket: Duplex) => answerClientError(error, socket, options)
  const { bodyTimeoutMs, connectionsCheckingIntervalMs } = options
  const follow = watchBodies(server, bodyTimeoutMs, connectionsCheckingIntervalMs, ({ socket }, response) => {
    // One request has one answer, also when that came before its body.
    if (response.headersSent) socket.destroy()
    else answerError(unserved.stalled, socket)
  })
  const prepare = (request: IncomingMessage, response: ServerResponse) => {
    compareWeakly(request)
    forgetExpectation(request)
    for (const [name, value] of options.headers) response.setHeader(name, value)
    // While it drains, a connection is not kept for another request.
    if (!server.listening) response.shouldKeepAlive = false
    follow(request, response)
    options.arrived(request, response)
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
