import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import type { RawDocument } from '../bson/types.ts'
import type { RawArray } from '../bson/writer.ts'
import type { Engine } from '../engine/engine.ts'
import { trimOplog } from '../engine/oplog-bound.ts'
import type { Reply } from '../wire/reply.ts'
import { findDump } from './find-dump.ts'
import type { Source } from './find-dump.ts'
import { LocalClient } from './local-client.ts'
import { readBson, readEjson } from './read-documents.ts'

export interface ImportOptions {
  /** Where a single file or the folder of one database goes: `db` or `db.collection`. */
  into?: string | undefined
  /** What to do with databases that exist: refuse, replace the collections of the same names, or add to them. */
  existing: 'refuse' | 'drop' | 'merge'
}

export interface Imported {
  collections: number
  views: number
  documents: number
  /** Documents left out by --merge because their key was there. */
  duplicates: number
  indexes: number
  /** What is not imported, each with the reason. */
  skipped: string[]
  /** What could not be made here: a refused option or index. The rest is imported. */
  failures: string[]
}

const BATCH_DOCUMENTS = 1000
const BATCH_BYTES = 4 * 1024 * 1024
const DUPLICATE_KEY = 11000

/** Restores collections with their options, documents and indexes, then the views. @throws Error when nothing may be imported, or at bad data */
export async function importFrom(engine: Engine, path: string, options: ImportOptions): Promise<Imported> {
  const { sources, skipped } = await findDump(path, options.into)
  if (options.existing === 'refuse') refuseMixing(engine, sources)
  const work = new Import(engine, options.existing)
  for (const source of sources.filter(({ data, options: { viewOn } }) => data !== undefined || viewOn === undefined))
    await work.collection(source)
  for (const source of sources.filter(({ data, options: { viewOn } }) => data === undefined && viewOn !== undefined))
    await work.view(source)
  await trimOplog(engine)
  return { ...work.result, skipped }
}

function refuseMixing(engine: Engine, sources: readonly Source[]): void {
  const present = new Set(
    [...engine.catalogue.collections.values(), ...engine.catalogue.views.values()].map(({ database }) => database),
  )
  const mixed = [...new Set(sources.map(({ database }) => database))].filter((database) => present.has(database))
  if (mixed.length > 0)
    throw new Error(
      `the data folder has the database ${mixed.join(', ')} already; --drop replaces collections of the same names, --merge adds to them`,
    )
}

class Import {
  readonly result: Omit<Imported, 'skipped'> = {
    collections: 0,
    views: 0,
    documents: 0,
    duplicates: 0,
    indexes: 0,
    failures: [],
  }
  private readonly engine: Engine
  private readonly client: LocalClient
  private readonly existing: ImportOptions['existing']

  constructor(engine: Engine, existing: ImportOptions['existing']) {
    this.engine = engine
    this.client = new LocalClient(engine)
    this.existing = existing
  }

  async collection(source: Source): Promise<void> {
    const { database, collection, data, options, indexes } = source
    if (!data && options.timeseries) {
      // mongodump writes the server's buckets, which only that server can read.
      this.result.failures.push(`${database}.${collection}: a time series whose documents are in buckets`)
      return
    }
    if (!(await this.create(source, options))) return
    if (data) await this.insert(source, data.format === 'bson' ? readBson(data.file) : readEjson(data.file))
    this.result.collections++
    for (const index of indexes) {
      // The version and namespace are the old server's.
      const { v: _v, ns: _ns, ...spec } = index
      const reply = await this.client.run(database, { createIndexes: collection, indexes: [spec] })
      if (this.accept(reply, `${database}.${collection}, index ${String(index.name)}`)) this.result.indexes++
    }
  }

  async view(source: Source): Promise<void> {
    if (await this.create(source, source.options)) this.result.views++
  }

  private async create({ database, collection }: Source, options: Document): Promise<boolean> {
    const namespace = `${database}.${collection}`
    const exists = this.engine.catalogue.collections.has(namespace) || this.engine.catalogue.views.has(namespace)
    if (exists && this.existing === 'merge') return true
    if (exists) this.accept(await this.client.run(database, { drop: collection }), `${namespace}, dropping it`)
    const { autoIndexId: _, ...wanted } = options
    return this.accept(await this.client.run(database, { create: collection, ...wanted }), namespace)
  }

  /** Notes a refusal; other collections go on. */
  private accept(reply: Reply, what: string): boolean {
    if (reply.ok === 1) return true
    this.result.failures.push(`${what}: ${String(reply.errmsg)} (code ${String(reply.code)})`)
    return false
  }

  private async insert(source: Source, documents: AsyncIterable<RawDocument>): Promise<void> {
    let batch: RawDocument[] = []
    let bytes = 0
    for await (const document of documents) {
      batch.push(document)
      bytes += document.length
      if (batch.length < BATCH_DOCUMENTS && bytes < BATCH_BYTES) continue
      await this.insertBatch(source, batch)
      batch = []
      bytes = 0
    }
    if (batch.length > 0) await this.insertBatch(source, batch)
  }

  private async insertBatch({ database, collection }: Source, documents: RawDocument[]): Promise<void> {
    const command = { insert: collection, ordered: false, bypassDocumentValidation: true }
    const reply = await this.client.run(database, command, documents)
    const namespace = `${database}.${collection}`
    if (reply.ok !== 1) throw new Error(`${namespace}: ${String(reply.errmsg)} (code ${String(reply.code)})`)
    const errors = itemsOf(reply.writeErrors as RawArray | undefined)
    const bad = errors.find(({ code }) => Number(code) !== DUPLICATE_KEY || this.existing !== 'merge')
    if (bad) throw new Error(`${namespace}: ${String(bad.errmsg)}`)
    this.result.documents += documents.length - errors.length
    this.result.duplicates += errors.length
  }
}

/** The documents in a list of a reply. */
function itemsOf(list: RawArray | undefined): Document[] {
  return list ? (Object.values(decode(Buffer.concat(list.pieces))) as Document[]) : []
}
