import type { Document } from 'bson'
import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { encode } from '../bson/raw.ts'
import type { Collection, View } from '../engine/collection.ts'
import type { Engine } from '../engine/engine.ts'
import { recordOfKey, tableRange } from '../engine/keyspace.ts'
import { shownIndexes } from '../engine/time-series.ts'
import { makeFolder } from '../store/make-folder.ts'
import type { Reader } from '../store/store.ts'
import { fileNameOf } from './dump-names.ts'
import { ejsonOf } from './ejson-write.ts'

export interface ExportOptions {
  format: 'ejson' | 'bson'
  gzip: boolean
}

export interface Exported {
  databases: number
  collections: number
  views: number
  documents: number
}

const CHUNK_BYTES = 256 * 1024

/**
 * Writes everything of one snapshot in mongodump's layout: `<db>/<collection>.bson` or `.ejson`, and beside it
 * `<collection>.metadata.json` with options and indexes. The folder appears when it is complete.
 * @throws Error when the target holds anything
 */
export async function exportTo(engine: Engine, target: string, options: ExportOptions): Promise<Exported> {
  if (existsSync(target) && readdirSync(target).length > 0) throw new Error(`${target} is not empty`)
  const partial = `${target.replace(/[\\/]+$/, '')}.partial`
  rmSync(partial, { recursive: true, force: true })
  makeFolder(partial)
  const snapshot = engine.store.snapshot()
  try {
    const result = await writeAll(engine, snapshot, partial, options)
    rmSync(target, { recursive: true, force: true })
    renameSync(partial, target)
    return result
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  } finally {
    snapshot.release()
  }
}

async function writeAll(engine: Engine, reader: Reader, folder: string, options: ExportOptions): Promise<Exported> {
  const collections = [...engine.catalogue.collections.values()]
  const views = [...engine.catalogue.views.values()]
  const databases = new Set([...collections, ...views].map(({ database }) => database))
  for (const database of databases) mkdirSync(join(folder, database), { mode: 0o700 })
  let documents = 0
  for (const collection of collections) {
    const file = join(folder, collection.database, fileNameOf(collection.name))
    const count = { documents: 0 }
    await writeFile(`${file}.${options.format}`, dataOf(reader, collection, options.format, count), options.gzip)
    await writeFile(`${file}.metadata.json`, [metadataOf(collection)], options.gzip)
    documents += count.documents
  }
  for (const view of views)
    await writeFile(
      join(folder, view.database, `${fileNameOf(view.name)}.metadata.json`),
      [metadataOfView(view)],
      options.gzip,
    )
  return { databases: databases.size, collections: collections.length, views: views.length, documents }
}

async function writeFile(file: string, chunks: Iterable<Buffer>, gzip: boolean): Promise<void> {
  const source = Readable.from(chunks, { objectMode: false })
  const out = createWriteStream(gzip ? `${file}.gz` : file, { mode: 0o600, flush: true })
  await (gzip ? pipeline(source, createGzip(), out) : pipeline(source, out))
}

/** The documents in the order they were inserted, gathered into chunks worth a write. */
function* dataOf(
  reader: Reader,
  collection: Collection,
  format: ExportOptions['format'],
  count: { documents: number },
): Generator<Buffer> {
  let parts: Buffer[] = []
  let size = 0
  for (const { key, value } of reader.range(tableRange(collection.table))) {
    count.documents++
    const part = format === 'bson' ? Buffer.from(value) : lineOf(collection, recordOfKey(key), value)
    parts.push(part)
    size += part.length
    if (size < CHUNK_BYTES) continue
    yield Buffer.concat(parts)
    parts = []
    size = 0
  }
  yield Buffer.concat(parts)
}

function lineOf(collection: Collection, record: number, value: Buffer): Buffer {
  try {
    return Buffer.from(`${ejsonOf(value)}\n`)
  } catch (error) {
    throw new Error(
      `${collection.namespace}, document ${record}: ${error instanceof Error ? error.message : String(error)}; use --format bson`,
      { cause: error },
    )
  }
}

function metadataOf(collection: Collection): Buffer {
  return metadata({
    options: collection.options,
    indexes: shownIndexes(collection).map((index) => index.spec),
    uuid: Buffer.from(collection.uuid.buffer).toString('hex'),
    collectionName: collection.name,
    type: 'collection',
  })
}

function metadataOfView({ name, viewOn, pipeline: stages, collation }: View): Buffer {
  const options: Document = { viewOn, pipeline: stages, ...(collation && { collation }) }
  return metadata({ options, indexes: [], collectionName: name, type: 'view' })
}

function metadata(content: Document): Buffer {
  return Buffer.from(ejsonOf(encode(content)))
}
