import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Requests of one connection that may wait for those before them until nothing more is read of it. */
const mostWaiting = 16

const waiting = new WeakMap<Socket, number>()

/**
 * Begins a request once everything that came before it on its connection is answered. Node hands over all that is sent at once
 * (pipelining): sixty connections had thousands of requests under way, and one that changes something ran beside the one after it,
 * which RFC 9112, 9.3.2 allows for safe methods only.
 */
export function inOrder({ socket }: IncomingMessage, response: ServerResponse, begin: () => void): void {
  if (response.socket) return begin()
  count(socket, 1)
  whenItsTurn(response, () => {
    count(socket, -1)
    begin()
  })
}

/** Calls at once, or when Node gives the answer its connection: once those before it are sent. Never, when the client leaves before. */
export function whenItsTurn(response: ServerResponse, begin: () => void): void {
  if (response.socket) begin()
  else response.once('socket', begin)
}

function count(socket: Socket, change: 1 | -1): void {
  const now = (waiting.get(socket) ?? 0) + change
  waiting.set(socket, now)
  // Only what was paused here is read again here: Node pauses a connection, too, whose answers nobody takes.
  if (change > 0 && now === mostWaiting) socket.pause()
  if (change < 0 && now === mostWaiting - 1) socket.resume()
}
