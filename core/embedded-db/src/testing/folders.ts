import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { startEmbedded } from '../index.ts'
import type { EmbeddedOptions } from '../index.ts'

/** Folders that are removed after the suite. */
export function temporaryFolders(): (name: string) => string {
  const root = mkdtempSync(join(tmpdir(), 'embedded-db-spec-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  return (name) => join(root, name)
}

/** Runs `work` with a driver on the data folder's database, which is stopped afterwards. */
export async function withDatabase<T>(
  path: string,
  work: (client: MongoClient) => Promise<T>,
  options: EmbeddedOptions = {},
): Promise<T> {
  const database = await startEmbedded({ path, ...options })
  const client = new MongoClient(database.uri, { serverSelectionTimeoutMS: 5000 })
  try {
    return await work(await client.connect())
  } finally {
    await client.close()
    await database.stop()
  }
}
