import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { type Channel, channelKey, isAfter, type WireMessage } from './channel.ts'

/** The server's side of the wire contract with a buffer per channel, for specs. */
export interface TestServer {
  readonly url: string
  publish(channel: Channel, payload: unknown): void
  broadcast(event: string, payload: unknown): void
  /** Cuts every connection as a network would. */
  cut(): void
  /** Forgets all messages, as a restart does. */
  restart(epoch: string): void
  /** Answers the next subscription with `internal_error`. */
  failOnce(): void
  /** Members of a channel. */
  members(channel: Channel): Promise<number>
  close(): Promise<void>
}

export async function startTestServer(denied: ReadonlySet<string> = new Set()): Promise<TestServer> {
  const http: HttpServer = createServer()
  const io = new Server(http, { transports: ['websocket'] })
  const buffers = new Map<string, WireMessage[]>()
  let epoch = 'a'
  let failing = false

  io.on('connection', (socket) => {
    socket.on('subscribe', ({ since, ...channel }: Channel & { since?: string }, ack: (answer: unknown) => void) => {
      if (denied.has(channel.topic)) return ack({ ok: false, code: 'forbidden' })
      if (failing) {
        failing = false
        return ack({ ok: false, code: 'internal_error' })
      }
      const key = channelKey(channel)
      const buffer = buffers.get(key) ?? []
      const resync = since !== undefined && !since.startsWith(`${epoch}-`)
      if (since !== undefined && !resync) {
        for (const message of buffer) if (isAfter(message.id, since)) socket.emit('message', message)
      }
      void socket.join(key)
      ack({ ok: true, latest: buffer.at(-1)?.id ?? `${epoch}-0`, ...(resync ? { resync } : {}) })
    })
    socket.on('unsubscribe', (channel: Channel) => void socket.leave(channelKey(channel)))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    publish(channel, payload) {
      const key = channelKey(channel)
      const buffer = buffers.get(key) ?? []
      const message = { ...channel, id: `${epoch}-${buffer.length + 1}`, payload }
      buffers.set(key, [...buffer, message])
      io.to(key).emit('message', message)
    },
    broadcast: (event, payload) => void io.emit(event, payload),
    cut() {
      for (const socket of io.of('/').sockets.values()) socket.conn.close()
    },
    restart(next) {
      epoch = next
      buffers.clear()
    },
    failOnce: () => void (failing = true),
    members: async (channel) => (await io.in(channelKey(channel)).fetchSockets()).length,
    close: async () => void (await io.close()),
  }
}
