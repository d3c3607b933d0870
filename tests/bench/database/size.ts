import { mkdtemp, stat } from 'node:fs/promises'
import path from 'node:path'
import { MongoClient } from 'mongodb'
import { type DatabaseProcess, startDatabase } from '../../support/database-process.ts'
import { residentMiB } from '../memory.ts'
import { report } from '../report.ts'
import { AUDIT_INDEXES, customer, INDEXES } from './documents.ts'

export async function start(dir: string): Promise<DatabaseProcess> {
  const engine = await startDatabase({ dir })
  if (!engine) throw new Error('the engine was killed')
  return engine
}

/** Makes the indexes and inserts customers by the thousand. */
export async function load(engine: DatabaseProcess, from: number, to: number): Promise<void> {
  const client = await MongoClient.connect(engine.uri)
  try {
    const database = client.db('bench')
    for (const name of ['customers', 'inserted'])
      for (const { key, ...options } of INDEXES) await database.collection(name).createIndex(key, options)
    for (const { key } of AUDIT_INDEXES) await database.collection('audit').createIndex(key)
    for (let i = from; i < to; i += 1000)
      await database.collection('customers').insertMany(Array.from({ length: 1000 }, (_, k) => customer(i + k)))
  } finally {
    await client.close()
  }
}

/** Fills the collection up, starts the engine again and looks at what it takes. */
export async function measureSize(
  engine: DatabaseProcess,
  dir: string,
  present: number,
  documents: number,
): Promise<DatabaseProcess> {
  const loading = performance.now()
  if (documents > present) {
    await load(engine, present, documents)
    const rate = (documents - present) / ((performance.now() - loading) / 1000)
    report({ name: `documents inserted up to ${documents}`, value: rate, unit: 'documents/s' })
  }
  report({ name: 'memory of the engine after the load', value: residentMiB(engine.pid), unit: 'MiB' })
  await engine.end('SIGTERM')
  const empty = await timeToOpen(await mkdtemp(path.join(dir, 'empty-')))
  const opened = await timeToOpen(dir)
  const count = Math.max(documents, present)
  report({
    name: `open with ${count} customers against an empty folder`,
    value: opened.seconds,
    unit: 's',
    baseline: empty.seconds,
  })
  report({
    name: `memory of the engine opened on ${count} customers against an empty folder`,
    value: opened.mebibytes,
    unit: 'MiB',
    baseline: empty.mebibytes,
  })
  const { size } = await stat(path.join(dir, 'data.mdb'))
  report({ name: `disk with ${count} customers`, value: size / 1024 ** 2, unit: 'MiB' })
  await empty.engine.end('SIGTERM')
  return opened.engine
}

/** Until the first document is read by a client. */
async function timeToOpen(dir: string): Promise<{ engine: DatabaseProcess; seconds: number; mebibytes: number }> {
  const began = performance.now()
  const engine = await start(dir)
  const client = await MongoClient.connect(engine.uri)
  await client.db('bench').collection('customers').findOne()
  const seconds = (performance.now() - began) / 1000
  await client.close()
  return { engine, seconds, mebibytes: residentMiB(engine.pid) }
}
