import type { Server } from 'node:http'
import type { Socket } from 'node:net'

type HttpSocket = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null }

/**
 * Closes a connection whose answer nobody reads: for `patienceMs` nothing of it could be sent. Until then it takes memory, and a place
 * among the requests that may be under way at once. One that waits for its answer to begin is left alone, however long that takes.
 */
export function closeUnread(server: Server, patienceMs: number): void {
  server.setTimeout(patienceMs, (socket: HttpSocket) => {
    const { _httpMessage: answer } = socket
    if (answer && !answer.headersSent) socket.setTimeout(patienceMs)
    else socket.destroy()
  })
}
