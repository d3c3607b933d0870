import { type Log, Problem } from '@dcesop/sdk-plugin'
import { announcedWithin, headProblem } from '@dcesop/sdk-plugin/http'
import Hapi, { type Request, type Server } from '@hapi/hapi'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpConfig } from '../config/config.ts'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import { installAuthentication } from './authentication.ts'
import { createListener } from './listener.ts'
import { applyProblems } from './problem-response.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Tokens } from '../identity/tokens.ts'
import { withEscapedScope } from './scoped-paths.ts'

/** A part of the protocol: adds its routes to the server. */
export type Routes = (server: Server) => void

export interface ServerDeps {
  readonly config: HttpConfig
  readonly limits: RateLimits
  readonly tokens: Tokens
  readonly routes: readonly Routes[]
  readonly log: Log
}

/** The one listening server with hapi behind it. */
export class RegistryServer {
  readonly #listener: HttpServer
  readonly #server: Server
  readonly #config: HttpConfig

  private constructor(listener: HttpServer, server: Server, config: HttpConfig) {
    this.#listener = listener
    this.#server = server
    this.#config = config
  }

  /** Registers every route; does not listen yet. */
  static async create({ config, limits, tokens, routes, log }: ServerDeps): Promise<RegistryServer> {
    const listener = createListener(config)
    const server = Hapi.server({
      listener,
      autoListen: false,
      // It drains by itself: hapi's own tracking needs its own listener.
      operations: { cleanStop: false },
      debug: false,
      compression: { minBytes: 1024 },
      routes: {
        cache: { otherwise: 'no-store' },
        state: { parse: false, failAction: 'ignore' },
        response: { emptyStatusCode: 204 },
        // Every body is read by the route that wants it, in the way it wants it; what its type is, too, hapi need not understand.
        payload: {
          override: 'application/octet-stream',
          parse: false,
          output: 'stream',
          maxBytes: 64 * 1024 * 1024,
          timeout: false,
        },
      },
    })
    server.ext('onRequest', (request, h) => {
      const wrong = headProblem(request.raw.req)
      if (wrong) {
        // What comes after it on this connection may be a part of it.
        request.raw.res.shouldKeepAlive = false
        throw wrong
      }
      const { pathname, search } = addressOf(request)
      const escaped = withEscapedScope(pathname)
      if (escaped !== pathname) request.setUrl(escaped + search)
      return h.continue
    })
    server.ext('onPreAuth', (request, h) => {
      announcedWithin(request.raw.req, request.route.settings.payload?.maxBytes ?? Infinity)
      return h.continue
    })
    applyProblems(server, log)
    installAuthentication(server, tokens, limits)
    for (const register of routes) register(server)
    await server.start()
    return new RegistryServer(listener, server, config)
  }

  /** @returns the address @throws StartRefused when it is taken or not ours */
  listen(): Promise<string> {
    const { port, host } = this.#config
    return new Promise((resolve, reject) => {
      this.#listener.once('error', (error: NodeJS.ErrnoException) =>
        reject(new StartRefused(`Port ${port} of ${host} cannot be listened on (${error.code ?? error.message}).`)),
      )
      this.#listener.listen(port, host, () => {
        this.#listener.removeAllListeners('error')
        const { port: chosen } = this.#listener.address() as AddressInfo
        resolve(`http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${chosen}`)
      })
    })
  }

  /** Takes no new connection, lets what is under way finish for `drainMs`, then closes what is left. */
  async drain(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()))
    const idle = setInterval(() => this.#listener.closeIdleConnections(), 100)
    const rest = setTimeout(() => this.#listener.closeAllConnections(), this.#config.drainMs)
    this.#listener.closeIdleConnections()
    await closed
    clearInterval(idle)
    clearTimeout(rest)
    await this.#server.stop({ timeout: 0 })
  }
}

/** hapi makes the address of path and `Host` when it is asked for. @throws Problem 400 for one that is none */
function addressOf(request: Request): URL {
  try {
    // Null where the path alone is none, such as `*`.
    const address = request.url as URL | null
    if (address) return address
  } catch {
    // The Host header is none.
  }
  throw new Problem(400, 'invalid_request', 'The path or the Host header of the request is not one.')
}
