import { Problem } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { Server as Engine } from 'engine.io'
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ForeignOriginDeps, refuseForeignOrigin } from '../http/foreign-origin.ts'
import { contextOf } from '../http/request-context.ts'
import { isSameOrigin } from '../http/same-origin.ts'
import type { Log } from '../ports.ts'
import { Places } from './places.ts'

export interface UpgradeDeps extends ForeignOriginDeps {
  readonly publicOrigin: string | null
  /** Sockets of one client's address, also behind a proxy, whose own connections are not limited. */
  readonly socketsPerAddress: number
  readonly log: Log
}

/** Takes the upgrades, which the listener leaves to it below `/socket.io/` only. */
export function takeUpgrades(listener: HttpServer, engine: Engine, deps: UpgradeDeps): void {
  const perAddress = new Places()
  listener.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node has let go of it: an error that nobody hears ends the process.
    socket.on('error', () => socket.destroy())
    if (!isSameOrigin(request, deps.publicOrigin)) {
      refuse(socket, '403 Forbidden')
      recordForeign(request, deps)
    } else if (!perAddress.take(clientAddress(request), socket, deps.socketsPerAddress))
      refuse(socket, '429 Too Many Requests')
    else engine.handleUpgrade(request as Parameters<Engine['handleUpgrade']>[0], socket, head)
  })
}

/** Nobody waits for it: the socket was refused already. */
function recordForeign(request: IncomingMessage, deps: UpgradeDeps): void {
  contextOf(request).route = '/socket.io/'
  refuseForeignOrigin(request, deps).catch((err: unknown) => {
    if (!(err instanceof Problem)) deps.log.error({ err }, 'a socket from another origin was not recorded')
  })
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
