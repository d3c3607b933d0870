import type { Disposable } from '@dcesop/sdk-plugin'
import Hapi, { type Server } from '@hapi/hapi'
import inert from '@hapi/inert'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { constants, createBrotliCompress } from 'node:zlib'
import type { HttpConfig } from '../config/config.ts'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import type { RequestMetrics } from '../observability/request-metrics.ts'
import type { CoreRoutes, Log, RawRoutes } from '../ports.ts'
import { installGate, type GateDeps } from './gate.ts'
import { createListener } from './listener.ts'
import { Overload } from './overload.ts'
import { applyProblems } from './problem-response.ts'
import { splitListener } from './raw-door.ts'

/**
 * Connections that may wait to be accepted; the kernel takes what `net.core.somaxconn` allows. With the usual 511 a crowd that comes
 * back at once is told by its own kernel that it is connected, and waits up to half a minute for the packets that were dropped.
 */
const backlog = 8192

export interface FrontDoorDeps extends Omit<GateDeps, 'publicOrigin'> {
  readonly config: HttpConfig
  readonly routes: readonly CoreRoutes[]
  /** Served before hapi. */
  readonly rawRoutes?: RawRoutes
  readonly metrics: RequestMetrics
  readonly log: Log
}

/** The one listening server with hapi behind it. */
export class FrontDoor {
  readonly listener: HttpServer
  readonly server: Server
  readonly #config: HttpConfig
  readonly #watch: Disposable

  private constructor(listener: HttpServer, server: Server, config: HttpConfig, watch: Disposable) {
    this.listener = listener
    this.server = server
    this.#config = config
    this.#watch = watch
  }

  /** Registers every route; does not listen yet. */
  static async create(deps: FrontDoorDeps): Promise<FrontDoor> {
    const { config, log, metrics } = deps
    const listener = createListener(config, (request, response) => metrics.follow(request, response))
    const overload = new Overload(() => metrics.requests, log)
    const server = Hapi.server({
      listener: splitListener(listener, deps.rawRoutes, log, (request) => overload.refusal(request)),
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
    installGate(server, { ...deps, publicOrigin: config.publicOrigin })
    for (const routes of deps.routes) await routes.register(server)
    await server.start()
    return new FrontDoor(listener, server, config, overload.watch())
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

  /** Takes no new connection, lets what is under way finish for `drainMs`, then closes what is left. */
  async drain(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()))
    const idle = setInterval(() => this.listener.closeIdleConnections(), 100)
    const rest = setTimeout(() => this.listener.closeAllConnections(), this.#config.drainMs)
    this.listener.closeIdleConnections()
    await closed
    clearInterval(idle)
    clearTimeout(rest)
    await this.server.stop({ timeout: 0 })
    this.#watch.dispose()
  }
}
