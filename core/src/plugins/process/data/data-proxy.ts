import type { Log } from '@dcesop/sdk-plugin'
import { createServer, type Server, type Socket } from 'node:net'
import type { Connection } from 'mongoose'
import { type Held, ProxiedConnection } from './proxied-connection.ts'
import type { DataScope } from './scope.ts'
import { factsOf, type ServerFacts } from './upstream.ts'

const mostConnections = 64

export interface DataProxyParts {
  readonly core: Connection
  readonly scope: DataScope
  /** The driver in the plugin's process greets with it. */
  readonly key: string
  /** Bound to the plugin. */
  readonly log: Log
  now(): Date
}

/** MongoDB's wire protocol on a Unix socket, for one plugin: its own collections in its regions' databases, and nothing else. */
export class DataProxy {
  readonly #server: Server
  readonly #open = new Set<Socket>()

  private constructor(parts: DataProxyParts, facts: ServerFacts) {
    const held: Held = { bytes: 0 }
    this.#server = createServer((socket) => {
      this.#open.add(socket)
      socket.once('close', () => this.#open.delete(socket))
      new ProxiedConnection(socket, parts, facts, held)
    })
    this.#server.maxConnections = mostConnections
  }

  /** @throws Error when the socket cannot be made, or the database not be reached */
  static async listen(path: string, parts: DataProxyParts): Promise<DataProxy> {
    const proxy = new DataProxy(parts, await factsOf(parts.core))
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(path, resolve)
    })
    return proxy
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#open) socket.destroy()
  }
}
