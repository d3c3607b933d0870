import { type Log, Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type LookupFunction } from 'node:net'
import type { Duplex } from 'node:stream'
import { egressHeaders, refusedCode } from './egress-header.ts'
import {
  type Destination,
  destinationOf,
  grantedDestinations,
  isGranted,
  NotPublic,
  publicOnly,
} from './destinations.ts'

export interface EgressParts {
  readonly manifest: PluginManifest
  readonly key: string
  /** Bound to the plugin. */
  readonly log: Log
  /** Told of each call that is refused. */
  refused(error: Error): void
  /** The system's own when left out. */
  readonly lookup?: LookupFunction
}

const mostConnections = 200
const idleMs = 30_000

/**
 * The way of a plugin's process to other hosts: an HTTP proxy on a socket of its own that makes tunnels to the granted hosts. What
 * goes through is between the plugin and the other host, TLS included. A redirect leads to another tunnel, held against the grants
 * again.
 */
export class Egress {
  readonly #parts: EgressParts
  readonly #granted: readonly Destination[]
  readonly #lookup: LookupFunction
  readonly #tunnels = new Set<Duplex>()
  readonly #server: Server

  private constructor(parts: EgressParts) {
    this.#parts = parts
    this.#granted = grantedDestinations(parts.manifest)
    this.#lookup = publicOnly(parts.lookup)
    this.#server = createServer((_request, response) => void response.writeHead(405).end())
    this.#server.on('connect', (request, near, head) => this.#take(request, near, head))
    this.#server.maxConnections = mostConnections
  }

  /** @throws Error when the socket cannot be made */
  static async listen(path: string, parts: EgressParts): Promise<Egress> {
    const egress = new Egress(parts)
    await new Promise<void>((resolve, reject) => {
      egress.#server.once('error', reject)
      egress.#server.listen(path, resolve)
    })
    return egress
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
    for (const tunnel of this.#tunnels) tunnel.destroy()
  }

  #take(request: IncomingMessage, near: Duplex, head: Buffer): void {
    near.on('error', () => near.destroy())
    if (request.headers[egressHeaders.key] !== this.#parts.key) return void near.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const destination = destinationOf(request.url ?? '')
    if (!destination || !isGranted(this.#granted, destination)) return this.#refuse(near, request.url ?? '')
    this.#tunnel(near, destination, head)
  }

  #tunnel(near: Duplex, { host, port }: Destination, head: Buffer): void {
    const far = connect({ host, port: Number(port), lookup: this.#lookup, timeout: idleMs })
    this.#tunnels.add(near)
    near.once('close', () => {
      this.#tunnels.delete(near)
      far.destroy()
    })
    const fail = (error: NodeJS.ErrnoException) => {
      if (far.readyState === 'open') return void near.destroy()
      this.#parts.log.warn({ err: error, host, port }, 'a call of the plugin to another host failed')
      answer(near, 502, error.code ?? 'ECONNRESET', error.message)
    }
    far.on('timeout', () => far.destroy(timedOut(host)))
    far.on('error', (error) => (error instanceof NotPublic ? this.#refuse(near, host, error.message) : fail(error)))
    far.once('connect', () => {
      far.removeAllListeners('error').on('error', () => near.destroy())
      near.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      far.write(head)
      near.pipe(far).pipe(near)
    })
  }

  #refuse(near: Duplex, where: string, why?: string): void {
    const { manifest, log, refused } = this.#parts
    const detail = why ?? `Plugin "${manifest.id}" asks for no http:egress to "${where}" in its manifest.`
    log.warn({ where, why }, 'the plugin called a host that it was not granted')
    refused(new Problem(502, refusedCode, detail))
    answer(near, 403, refusedCode, detail)
  }
}

function answer(near: Duplex, status: number, code: string, detail: string): void {
  const { code: codeHeader, detail: detailHeader } = egressHeaders
  near.end(`HTTP/1.1 ${status} No\r\n${codeHeader}: ${code}\r\n${detailHeader}: ${encodeURIComponent(detail)}\r\n\r\n`)
}

function timedOut(host: string): Error {
  return Object.assign(new Error(`Nothing came from or went to "${host}" for ${idleMs} ms.`), { code: 'ETIMEDOUT' })
}
