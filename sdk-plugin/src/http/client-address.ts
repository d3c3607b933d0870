import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import proxyaddr from 'proxy-addr'

type Trust = (address: string, hops: number) => boolean

/** Of the connections to servers that have proxies in front of them. */
const trusts = new WeakMap<Socket, Trust>()

/** Whether a text names an address, a network such as `10.0.0.0/8`, or `loopback`, `linklocal` or `uniquelocal`. */
export function isNetwork(text: string): boolean {
  try {
    proxyaddr.compile(text)
    return true
  } catch {
    return false
  }
}

/**
 * Believes what these proxies say in `X-Forwarded-For`, and nobody else.
 * @param networks as {@link isNetwork} knows them
 * @returns whether an address is one of them
 */
export function trustProxies(server: Server, networks: readonly string[]): (address: string) => boolean {
  const trust = proxyaddr.compile([...networks])
  if (networks.length > 0) server.on('connection', (socket: Socket) => trusts.set(socket, trust))
  return (address) => networks.length > 0 && trust(address, 0)
}

/** The address of who asks: the nearest one that is no trusted proxy's. */
export function clientAddress(request: IncomingMessage): string {
  const trust = trusts.get(request.socket)
  return (trust ? proxyaddr(request, trust) : request.socket.remoteAddress) ?? 'unknown'
}
