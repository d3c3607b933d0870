import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Closes connections of an address that has so many already, upgraded ones included: nobody alone takes all that the process may open.
 * @param isProxy addresses of many people, which are not limited
 */
export function limitConnections(server: Server, mostPerAddress: number, isProxy: (address: string) => boolean): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? 'unknown'
    if (isProxy(address)) return
    const count = open.get(address) ?? 0
    if (count >= mostPerAddress) return void socket.destroy()
    open.set(address, count + 1)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
  })
}
