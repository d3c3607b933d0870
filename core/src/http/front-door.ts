import { DisposableStore } from '@dcesop/sdk-plugin'
import Hapi, { type Server } from '@hapi/hapi'
import inert from '@hapi/inert'
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { constants, createBrotliCompress } from 'node:zlib'
import type { HttpConfig } from '../config/config.ts'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import type { RequestMetrics } from '../observability/request-metrics.ts'
import type { CoreRoutes, Log, RawRoutes, ReadinessProbe } from '../ports.ts'
import { DatabaseWatch } from './database-watch.ts'
import { installGate, type GateDeps } from './gate.ts'
import { createListener } from './listener.ts'
import { Overload, type Requests } from './overload.ts'
import { applyProblems } from './problem-response.ts'
import { splitListener } from './raw-door.ts'
import { holdReadsToConditions } from './read-conditions.ts'
import { Turns } from './turns.ts'

/**
 * Connections that may wait to be accepted; the kernel takes what `net.core.somaxconn` allows. With the usual 511 a crowd that comes
 * back at once is told by its own kernel that it is connected, and waits up to half a minute for the packets that were dropped.
 */
const backlog = 8192
/** Until a proxy that asks twice a second has found out that the host is not ready, and sends nothing more. */
const proxyNoticesMs = 1_500

export interface FrontDoorDeps extends Omit<GateDeps, 'publicOrigin'> {
  readonly config: HttpConfig
  readonly routes: readonly CoreRoutes[]
  /** Served before hapi. */
  readonly rawRoutes?: RawRoutes
  /** Without it, requests wait for a database that is away. */
  readonly database?: ReadinessProbe
  readonly metrics: RequestMetrics
  readonly log: Log
}

/** The one listening server with hapi behind it. */
export class FrontDoor {
  readonly listener: HttpServer
  readonly server: Server
  readonly #config: HttpConfig
  readonly #watches: DisposableStore
  readonly #requests: Requests
  #leaves = false

  private constructor(
    listener: HttpServer,
    server: Server,
    config: HttpConfig,
    requests: Requests,
    watches: DisposableStore,
  ) {
    this.listener = listener
    this.server = server
    this.#config = config
    this.#watches = watches
    this.#requests = requests
    listener.prependListener('request', (_request, response) => this.#letGo(response))
    listener.prependListener('checkContinue', (_request, response) => this.#letGo(response))
  }

  /** Registers every route; does not listen yet. */
  static async create(deps: FrontDoorDeps): Promise<FrontDoor> {
    const { config, log, metrics } = deps
    const listener = createListener(config, (request, response) => metrics.follow(request, response))
    const overload = new Overload(() => metrics.requests, log)
    const turns = new Turns((...asked) => overload.refusal(...asked))
    const database = deps.database && new DatabaseWatch(deps.database, log)
    const refusal = (request: IncomingMessage) => database?.refusal(request)
    const server = Hapi.server({
      listener: splitListener(listener, deps.rawRoutes, log, refusal, turns),
      autoListen: false,
      // The host drains by itself: hapi's own tracking needs its own listener.
      operations: { cleanStop: false },
      debug: false,
      compression: { minBytes: 1024 },
      routes: {
        cache: { otherwise: 'no-store' },
        state: { parse: false, failAction: 'ignore' },
        response: { emptyStatusCode: 204, ranges: false },
        files: { relativeTo: config.shellDirectory },
      },
    })
    server.encoder('br', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }))
    await server.register(inert)
    applyProblems(server, log)
    holdReadsToConditions(server)
    installGate(server, { ...deps, publicOrigin: config.publicOrigin })
    for (const routes of deps.routes) await routes.register(server)
    await server.start()
    const watches = new DisposableStore()
    watches.add(overload.watch())
    if (database) watches.add(database.watch())
    return new FrontDoor(listener, server, config, metrics.requests, watches)
  }

  /** @returns the port that is listened on @throws StartRefused when the address is taken or not ours */
  listen(): Promise<number> {
    const { port, host } = this.#config
    return new Promise((resolve, reject) => {
      this.listener.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new StartRefused(
            `Port ${port} of ${host} cannot be listened on (${error.code ?? error.message}): set PORT to a free one.`,
          ),
        ),
      )
      this.listener.listen({ port, host, backlog }, () => {
        this.listener.removeAllListeners('error')
        resolve((this.listener.address() as AddressInfo).port)
      })
    })
  }

  /**
   * Lets what is under way finish for `drainMs`, then closes what is left; takes no new connection. Behind a proxy it does so first: that
   * may be just writing on a connection that looks idle here, and a change must not be sent twice, and it ends what is under way with
   * a host that does not answer its checks.
   */
  async drain(): Promise<void> {
    this.#leaves = true
    const proxied = this.#config.trustedProxies.length > 0
    if (proxied) await sleep(proxyNoticesMs)
    const deadline = performance.now() + this.#config.drainMs
    while (proxied && this.#requests.underWay > 0 && performance.now() < deadline) await sleep(50)
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()))
    const idle = setInterval(() => this.listener.closeIdleConnections(), 100)
    const rest = setTimeout(() => this.listener.closeAllConnections(), deadline - performance.now())
    this.listener.closeIdleConnections()
    await closed
    clearInterval(idle)
    clearTimeout(rest)
    await this.server.stop({ timeout: 0 })
    await this.#watches.dispose()
  }

  /** While it drains, a connection is not kept for another request. */
  #letGo(response: ServerResponse): void {
    if (this.#leaves) response.shouldKeepAlive = false
  }
}
