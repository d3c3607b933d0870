import { MongoClient } from 'mongodb'
import type { MongoClientOptions } from 'mongodb'
import { startEmbedded } from '../index.ts'
import type { EmbeddedDatabase } from '../index.ts'

export interface TestDatabase {
  uri: string
  client: MongoClient
  /** One more client of the same server, closed with the rest. */
  connect(options?: MongoClientOptions): Promise<MongoClient>
  stop(): Promise<void>
}

/** A server of its own in memory with the unmodified driver connected over a real socket. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const server: EmbeddedDatabase = await startEmbedded({ memory: true })
  const clients: MongoClient[] = []
  const connect = async (options: MongoClientOptions = {}): Promise<MongoClient> => {
    const client = await new MongoClient(server.uri, { serverSelectionTimeoutMS: 5000, ...options }).connect()
    clients.push(client)
    return client
  }
  const client = await connect()
  return {
    uri: server.uri,
    client,
    connect,
    stop: async () => {
      await Promise.all(clients.map((one) => one.close()))
      await server.stop()
    },
  }
}

/** Polls until the condition holds. */
export async function eventually(condition: () => Promise<boolean>, limitMs = 15_000): Promise<void> {
  const until = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > until) throw new Error('the condition did not come true in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
