import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client'
import type { RealtimeClient } from '../host.ts'
import {
  acknowledge,
  type Channel,
  channelKey,
  type ChannelListener,
  type ChannelState,
  newChannelState,
  receive,
  type SubscribeAck,
  type WireMessage,
} from './channel.ts'
import { connectionState } from './connection-state.ts'

/** The shell's client: what views see, plus broadcast events and the connection's own life. */
export interface RealtimeConnection extends RealtimeClient {
  /** Server broadcasts: `feed-changed` {revision}, `session-ended` {reason}. Returns the function that stops listening. */
  onEvent<P>(name: string, listener: (payload: P) => void): () => void
  connect(): void
  /** Ends for good; a new session makes a new client. */
  close(): void
}

export type RealtimeOptions = Partial<
  Pick<ManagerOptions & SocketOptions, 'reconnectionDelay' | 'reconnectionDelayMax'>
>

/**
 * A socket.io client over WebSocket only. It reconnects with jitter, rejoins every channel with the last id it saw, and
 * asks views to refetch when the server cannot replay. `url` is the origin; default is the page's.
 */
export function createRealtime(url?: string, options: RealtimeOptions = {}): RealtimeConnection {
  const settings = {
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 1000,
    reconnectionDelayMax: 20_000,
    randomizationFactor: 0.5,
    ...options,
  }
  const socket = url === undefined ? io(settings) : io(url, settings)
  const connection = connectionState(socket)
  const channels = new Map<string, ChannelState>()
  let closed = false

  function join(state: ChannelState): void {
    const since = state.last === undefined ? {} : { since: state.last }
    socket.emit('subscribe', { ...state.channel, ...since }, (ack: SubscribeAck) => {
      // The server's own fault passes; a refusal does not.
      if (!ack.ok && ack.code === 'internal_error') setTimeout(() => rejoin(state), retryDelay())
      else acknowledge(state, ack)
    })
  }

  function rejoin(state: ChannelState): void {
    if (socket.connected && channels.get(channelKey(state.channel)) === state) join(state)
  }

  function retryDelay(): number {
    return settings.reconnectionDelay * (1 + Math.random())
  }

  socket.on('connect', () => {
    for (const state of channels.values()) join(state)
  })
  socket.on('message', (message: WireMessage) => {
    const state = channels.get(channelKey(message))
    if (state !== undefined) receive(state, message)
  })
  // socket.io stays away after a server-side disconnect (a restart, a drain); the session end closes explicitly.
  socket.on('disconnect', (reason) => {
    for (const state of channels.values()) state.joined = false
    if (reason !== 'io server disconnect') return
    setTimeout(() => closed || socket.connect(), retryDelay())
  })

  function subscribe({ topic, region, key: record }: Channel, listener: ChannelListener): () => void {
    const channel = { topic, region, key: record }
    const key = channelKey(channel)
    let state = channels.get(key)
    if (state === undefined) {
      state = newChannelState(channel)
      channels.set(key, state)
      if (socket.connected) join(state)
    } else if (state.joined) {
      queueMicrotask(() => listener.joined?.())
    }
    const joined = state
    joined.listeners.add(listener)
    return () => {
      joined.listeners.delete(listener)
      if (joined.listeners.size > 0 || channels.get(key) !== joined) return
      channels.delete(key)
      if (socket.connected) socket.emit('unsubscribe', channel)
    }
  }

  return {
    get state() {
      return connection.current
    },
    onState: (listener) => connection.onChange(listener),
    subscribe: (channel, listener) => subscribe(channel, listener as ChannelListener),
    onEvent(name, listener) {
      socket.on(name, listener)
      return () => socket.off(name, listener)
    },
    connect: () => void socket.connect(),
    close() {
      closed = true
      channels.clear()
      socket.disconnect()
      connection.dispose()
    },
  }
}
