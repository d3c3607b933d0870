import type { Socket } from 'socket.io-client'
import type { RealtimeClient } from '../host.ts'

type State = RealtimeClient['state']

/** After this many failed attempts in a row "reconnecting" would be a promise nobody keeps. */
const attemptsUntilOffline = 5

/** Follows a socket and the browser's own view of the network. */
export function connectionState(socket: Socket, browser: EventTarget | undefined = globalThis.window) {
  const listeners = new Set<(state: State) => void>()
  let state: State = 'reconnecting'

  function become(next: State): void {
    if (next === state) return
    state = next
    for (const listener of [...listeners]) listener(next)
  }

  let failures = 0
  const failed = (): void => {
    failures += 1
    if (failures >= attemptsUntilOffline) become('offline')
  }
  const offline = (): void => become('offline')
  const online = (): void => {
    become(socket.connected ? 'connected' : 'reconnecting')
    // The next attempt may be half a minute away; a new beginning is made at once.
    if (!socket.connected && socket.active) socket.disconnect().connect()
  }
  socket.on('connect', () => {
    failures = 0
    become('connected')
  })
  socket.on('disconnect', () => become('reconnecting'))
  socket.on('connect_error', failed)
  browser?.addEventListener('offline', offline)
  browser?.addEventListener('online', online)

  return {
    get current(): State {
      return state
    },
    onChange(listener: (state: State) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    dispose(): void {
      browser?.removeEventListener('offline', offline)
      browser?.removeEventListener('online', online)
      listeners.clear()
    },
  }
}
