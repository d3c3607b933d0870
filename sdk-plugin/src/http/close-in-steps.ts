import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** How long a client may go on sending after its last answer. */
const longestMs = 5000

/**
 * Closes connections as RFC 9112 (9.6) wants it, which Node does not: the sending side first, then what the client still sends is
 * read away for a while. Closing over unread bytes resets the connection, and the answer is lost with it.
 */
export function closeInSteps(server: Server): void {
  server.on('connection', (socket: Socket) => {
    socket.destroySoon = () => {
      socket.end()
      socket.resume()
      const timer = setTimeout(() => socket.destroy(), longestMs).unref()
      socket.once('close', () => clearTimeout(timer))
    }
  })
}
