// The driver's own way to make a connection: sign-in, TLS and all. It is not public, so the spec beside holds its shape.
import { connect } from 'mongodb/lib/cmap/connect.js'
import type { Connection, mongo } from 'mongoose'
import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'

/** What the driver tells about the server that takes writes. */
export interface ServerFacts {
  readonly address: string
  readonly minWireVersion: number
  readonly maxWireVersion: number
}

/** @throws the driver's error when no server can be reached */
export async function factsOf(core: Connection): Promise<ServerFacts> {
  const client = core.getClient()
  const hello = await client.db('admin').command({ hello: 1 })
  const address = (hello['primary'] ?? client.options.hosts[0]?.toString()) as string
  return {
    address,
    minWireVersion: hello['minWireVersion'] as number,
    maxWireVersion: hello['maxWireVersion'] as number,
  }
}

/** A signed-in connection to the server that takes writes, for messages as they are. @throws the driver's error */
export async function connectUpstream(core: Connection): Promise<Duplex> {
  const client = core.getClient()
  const { address } = await factsOf(core)
  // The driver keeps this class to itself.
  const Host = client.options.hosts[0]?.constructor as typeof mongo.HostAddress
  const { authProviders } = (client as unknown as { s: { authProviders: unknown } }).s
  const connection = await connect({
    ...client.options,
    hostAddress: Host.fromString(address),
    id: 0,
    generation: 0,
    cancellationToken: new EventEmitter(),
    authProviders,
    monitorCommands: false,
    compressors: [],
  })
  const { socket } = connection
  // The driver's object has done its part; the bytes are ours from here on.
  socket.unpipe()
  for (const event of ['close', 'timeout', 'error', 'data']) socket.removeAllListeners(event)
  socket.setTimeout(0)
  return socket
}
