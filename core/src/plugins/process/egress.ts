import type { Log } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { lookup as resolve } from 'node:dns'
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as callHttp,
  type Server,
  type ServerResponse,
} from 'node:http'
import { request as callHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { egressHeaders } from './egress-header.ts'
import { mostAnswerBytes } from './limits.ts'

export interface EgressParts {
  readonly manifest: PluginManifest
  readonly key: string
  /** Bound to the plugin. */
  readonly log: Log
}

const mostConnections = 50
const idleMs = 30_000
const notSent = new Set<string>([
  'connection',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'expect',
  ...Object.values(egressHeaders),
])
const notAnswered = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade'])

/** Hosts that a plugin may call, `name` or `name:port`. */
export function grantedHosts({ permissions }: PluginManifest): string[] {
  return (permissions?.requests ?? []).flatMap(({ cap, resource }) =>
    cap === 'http:egress' && resource ? [resource] : [],
  )
}

/** Calls the granted hosts for a plugin's process. Redirects are its own to follow, by a call that is held against the grants again. */
export class Egress {
  readonly #parts: EgressParts
  readonly #granted: ReadonlySet<string>
  readonly #server: Server

  private constructor(parts: EgressParts) {
    this.#parts = parts
    this.#granted = new Set(grantedHosts(parts.manifest))
    this.#server = createServer((request, response) => this.#take(request, response))
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
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers[egressHeaders.key] !== this.#parts.key) return void response.writeHead(403).end()
    const text = String(request.headers[egressHeaders.url])
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (!url || !this.#isGranted(url)) return this.#refuse(request, response, url)
    const call = url.protocol === 'https:' ? callHttps : callHttp
    const outgoing = call(url, { method: request.method, headers: sent(request), lookup: publicOnly, timeout: idleMs })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer for ${idleMs} ms.`)))
    outgoing.on('error', (error) => {
      this.#parts.log.warn({ err: error, host: url.host }, 'a call of the plugin to another host failed')
      response.destroy()
    })
    outgoing.on('response', (incoming) => answer(incoming, response))
    response.once('close', () => outgoing.destroy())
    request.pipe(outgoing)
  }

  #isGranted({ protocol, host, hostname, port, username }: URL): boolean {
    if (!['http:', 'https:'].includes(protocol) || username !== '') return false
    return this.#granted.has(host) || (port === '' && this.#granted.has(hostname))
  }

  #refuse(request: IncomingMessage, response: ServerResponse, url: URL | undefined): void {
    const host = url?.host ?? ''
    this.#parts.log.warn({ host }, 'the plugin called a host that it was not granted')
    request.resume()
    response.destroy()
  }
}

function sent({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !notSent.has(name)))
}

function answer(incoming: IncomingMessage, response: ServerResponse): void {
  const headers = Object.entries(incoming.headers).filter(([name]) => !notAnswered.has(name))
  response.writeHead(incoming.statusCode ?? 502, Object.fromEntries(headers))
  let bytes = 0
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostAnswerBytes) response.destroy()
  })
  incoming.on('error', () => response.destroy())
  incoming.pipe(response)
}

const inside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inside.addSubnet(net, bits)
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

/** A name that leads into the operator's own network is refused; an address there must be granted as such. */
const publicOnly: LookupFunction = (hostname, options, done) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [])
    const found = addresses.find(({ address }) => isInside(address))
    if (found && isIP(hostname) === 0)
      return done(new Error(`"${hostname}" leads to ${found.address}, which is not public.`), [])
    const [first] = addresses
    if (options.all) done(null, addresses)
    else done(null, first?.address ?? '', first?.family)
  })
}

function isInside(address: string): boolean {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return inside.check(mapped)
  return inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
