import { createHash } from 'node:crypto'
import path from 'node:path'
import { MongoClient, type Db } from 'mongodb'
import { dropDatabases } from '@dcesop/embedded-db/testing'
import { startDatabase } from './database-process.ts'

/** The server that `MONGODB_URI` names; without it each product has an embedded one in its data folder. */
const given = process.env['MONGODB_URI'] ?? ''

/** Whether a product starts its own database, which a test may kill. */
export const hasOwnDatabase = given === ''

/** What a product with this data folder needs in its environment to have databases of its own on a shared server. */
export function databaseEnvironment(dataDir: string): NodeJS.ProcessEnv {
  return hasOwnDatabase ? {} : { DCESOP_DATABASE_PREFIX: prefixOf(dataDir) }
}

/** Drops the databases that a product left on a shared server. */
export async function dropProductDatabases(dataDir: string): Promise<void> {
  if (!hasOwnDatabase) await dropDatabases(given, prefixOf(dataDir))
}

/** Reads a stopped product's region as an operator would: from the shared server, or from its data folder by the engine alone. */
export async function withRegion<T>(dataDir: string, region: string, work: (db: Db) => Promise<T>): Promise<T> {
  const engine = hasOwnDatabase ? await startDatabase({ dir: path.join(dataDir, 'db') }) : undefined
  const client = await MongoClient.connect(engine?.uri ?? given)
  try {
    return await work(client.db(`${hasOwnDatabase ? 'dcesop_' : prefixOf(dataDir)}${region}`))
  } finally {
    await client.close()
    await engine?.end('SIGTERM')
  }
}

function prefixOf(dataDir: string): string {
  return `t${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}_`
}
