import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { startEmbedded } from '../index.ts'

/** A server for the specs of one suite, which shares nothing with another suite's. */
export interface TestServer {
  readonly uri: string
  /** Every database of the suite has a name that starts so; they are dropped at the end. */
  readonly prefix: string
  stop(): Promise<void>
}

/**
 * The server that `MONGODB_URI` names, so that the same specs run on a real MongoDB; without it an embedded database in
 * memory.
 */
export async function startTestServer(): Promise<TestServer> {
  const prefix = `t${randomBytes(5).toString('hex')}_`
  const given = process.env.MONGODB_URI
  if (given !== undefined && given !== '') return { uri: given, prefix, stop: () => dropDatabases(given, prefix) }
  const server = await startEmbedded({ memory: true })
  return { uri: server.uri, prefix, stop: () => server.stop() }
}

/** Drops every database whose name starts with the prefix. */
export async function dropDatabases(uri: string, prefix: string): Promise<void> {
  const client = await MongoClient.connect(uri)
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true })
    for (const { name } of databases) if (name.startsWith(prefix)) await client.db(name).dropDatabase()
  } finally {
    await client.close()
  }
}
