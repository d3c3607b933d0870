import { chmodSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { UUID } from 'bson'
import type { Server } from '../commands/server.ts'
import { ConnectionHandler } from './connection.ts'
import { MAX_CONNECTIONS } from './limits.ts'
import { PendingBytes } from './pending-bytes.ts'
import { clearSocketFile } from './socket-file.ts'

export interface Address {
  /** 0 takes any free port. */
  port?: number | undefined
  host?: string | undefined
  /** A Unix socket in place of a port; only the owner may connect. */
  socket?: string | undefined
}

export interface Listener {
  uri: string
  /** Takes no more connections and closes those open. */
  close(): Promise<void>
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/

/** Listens on loopback or a private socket; there is no authentication, so nothing else is offered. */
export async function listen(server: Server, address: Address): Promise<Listener> {
  const host = address.host ?? '127.0.0.1'
  if (address.socket === undefined && !LOOPBACK.test(host))
    throw new Error(`the embedded database has no authentication and listens on loopback only, not on ${host}`)
  const sockets = new Set<Socket>()
  const pending = new PendingBytes()
  let nextId = 1
  const net = createServer((socket) => {
    sockets.add(socket)
    pending.connections = server.connections = sockets.size
    server.totalConnections++
    socket.on('close', () => {
      sockets.delete(socket)
      pending.connections = server.connections = sockets.size
    })
    const remote =
      socket.remoteAddress === undefined ? 'anonymous unix socket' : `${socket.remoteAddress}:${socket.remotePort ?? 0}`
    new ConnectionHandler(
      server,
      socket,
      {
        id: nextId++,
        uuid: new UUID(),
        appName: undefined,
        remote,
        clientMetadata: undefined,
        gone: undefined,
        left: undefined,
      },
      pending,
    )
  })
  net.maxConnections = MAX_CONNECTIONS
  if (address.socket !== undefined) await clearSocketFile(address.socket)
  await new Promise<void>((resolve, reject) => {
    net.once('error', reject)
    const previous = process.umask(0o177)
    if (address.socket === undefined) net.listen(address.port ?? 0, host, resolve)
    else net.listen(address.socket, resolve)
    process.umask(previous)
  })
  if (address.socket !== undefined) chmodSync(address.socket, 0o600)
  const bound = net.address() as AddressInfo | string
  server.host =
    typeof bound === 'string' ? encodeURIComponent(bound) : `${host === '::1' ? '[::1]' : host}:${bound.port}`
  return {
    uri:
      typeof bound === 'string'
        ? `mongodb://${server.host}/?directConnection=true`
        : `mongodb://${server.host}/?replicaSet=rs0`,
    close: () =>
      new Promise<void>((resolve) => {
        net.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
