import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { collectionOf } from './dump-names.ts'
import { bsonOf } from './ejson-read.ts'
import { bytesOf } from './read-documents.ts'

/** One collection or view to be made. */
export interface Source {
  database: string
  collection: string
  /** Its documents; undefined for a view. */
  data: { file: string; format: 'bson' | 'ejson' } | undefined
  options: Document
  indexes: Document[]
}

export interface Dump {
  sources: Source[]
  /** Files that are not imported, each with the reason. */
  skipped: string[]
}

const DATA = /\.(bson|ejson|json|jsonl|ndjson)(\.gz)?$/
const METADATA = /\.metadata\.json(\.gz)?$/

/** Finds what a folder or a file holds. `into` names the database of a single folder, or `db.collection` of a single file. */
export async function findDump(path: string, into: string | undefined): Promise<Dump> {
  if (!existsSync(path)) throw new Error(`${path} does not exist`)
  if (statSync(path).isFile()) return singleFile(path, into)
  const dump: Dump = { sources: [], skipped: [] }
  const entries = readdirSync(path, { withFileTypes: true })
  if (
    entries.some(
      (entry) => entry.isFile() && (METADATA.test(entry.name) || DATA.test(entry.name)) && !isExtra(entry.name),
    )
  ) {
    if (into === undefined) throw new Error(`${path} holds collections of one database; name it with --into DATABASE`)
    await readDatabase(path, into, dump)
    return dump
  }
  if (into !== undefined) throw new Error('--into is for a single file or the folder of one database')
  for (const entry of entries) {
    if (entry.isDirectory()) await readDatabase(join(path, entry.name), entry.name, dump)
    else dump.skipped.push(`${entry.name}: no part of a collection`)
  }
  if (dump.sources.length === 0) throw new Error(`${path} holds nothing to import`)
  return dump
}

/** What mongodump writes beside the collections. */
function isExtra(name: string): boolean {
  return /^(oplog\.bson|prelude\.json)(\.gz)?$/.test(name)
}

async function singleFile(file: string, into: string | undefined): Promise<Dump> {
  const dot = into?.indexOf('.') ?? -1
  if (into === undefined || dot < 1) throw new Error('name the collection of the file with --into DATABASE.COLLECTION')
  if (!DATA.test(file) || METADATA.test(file))
    throw new Error(
      `${file} is no file of documents; its name ends in .bson, .ejson, .json, .jsonl or .ndjson, and .gz`,
    )
  const stem = file.replace(DATA, '')
  const metadata = [`${stem}.metadata.json`, `${stem}.metadata.json.gz`].find((one) => existsSync(one))
  const source = { database: into.slice(0, dot), collection: into.slice(dot + 1), data: dataOf(file) }
  return { sources: [{ ...source, ...definitionOf(await readMetadata(metadata)) }], skipped: [] }
}

async function readDatabase(folder: string, database: string, dump: Dump): Promise<void> {
  const files = new Map<string, { data?: string; metadata?: string }>()
  for (const name of readdirSync(folder).sort()) {
    const kind = METADATA.test(name) ? 'metadata' : DATA.test(name) ? 'data' : undefined
    if (kind === undefined || isExtra(name)) {
      dump.skipped.push(`${join(basename(folder), name)}: no part of a collection`)
      continue
    }
    const stem = name.replace(kind === 'metadata' ? METADATA : DATA, '')
    const known = files.get(stem) ?? {}
    if (known[kind] !== undefined) throw new Error(`${folder} has both ${basename(known[kind])} and ${name}`)
    files.set(stem, { ...known, [kind]: join(folder, name) })
  }
  for (const [stem, { data, metadata }] of files) {
    const content = await readMetadata(metadata)
    const collection = collectionOf(stem) ?? (content?.collectionName as string | undefined)
    if (collection === undefined)
      throw new Error(`${join(folder, stem)}: the name is cut, and no metadata has the whole`)
    if (collection.startsWith('system.')) dump.skipped.push(`${database}.${collection}: the server's own`)
    else
      dump.sources.push({
        database,
        collection,
        data: data === undefined ? undefined : dataOf(data),
        ...definitionOf(content),
      })
  }
}

function dataOf(file: string): Source['data'] {
  return { file, format: DATA.exec(file)?.[1] === 'bson' ? 'bson' : 'ejson' }
}

async function readMetadata(file: string | undefined): Promise<Document | undefined> {
  if (file === undefined) return undefined
  const parts: Buffer[] = []
  for await (const part of bytesOf(file)) parts.push(part)
  const text = Buffer.concat(parts).toString('utf8').trim()
  if (text === '') return undefined
  try {
    return decode(bsonOf(text))
  } catch (error) {
    throw new Error(`${join(basename(dirname(file)), basename(file))}: ${(error as Error).message}`, { cause: error })
  }
}

function definitionOf(metadata: Document | undefined): { options: Document; indexes: Document[] } {
  return {
    options: (metadata?.options ?? {}) as Document,
    indexes: ((metadata?.indexes ?? []) as Document[]).filter(({ name }) => name !== '_id_'),
  }
}
