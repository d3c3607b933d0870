import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { indexKeysOf } from '../keys/index-keys.ts'
import type { Rests } from '../aggregate/pacer.ts'
import { Overlay } from '../store/overlay.ts'
import type { Writer } from '../store/store.ts'
import type { Collection, Index } from './collection.ts'
import { duplicateKey } from './duplicate-key.ts'
import { encodeRecord, entryKey, recordOfKey, tableKey } from './keyspace.ts'

const NOTHING = Buffer.alloc(0)

/** Indexes that a transaction keeps by itself; one under construction has passed its records or not only at its commit. */
export function completeIndexes(collection: Collection): readonly Index[] {
  return collection.indexes.every(isComplete) ? collection.indexes : collection.indexes.filter(isComplete)
}

const isComplete = (index: Index): boolean => index.builtThrough === Number.POSITIVE_INFINITY

/** Reads and writes of a transaction that is about to commit; nothing is written to it any more. */
interface Ending {
  /** What is stored as of its start, of its own records what is stored now. */
  before: (key: Buffer) => Buffer | undefined
  changes: Overlay
  rests: Rests
}

/** What changes in an index, for the records up to one. */
interface Ready {
  through: number
  entries: Overlay
}

export type CatchUps = ReadonlyMap<Index, Ready>

/** Whether a transaction's commit has to change an index under construction. */
export function hasIncomplete(collection: Collection): boolean {
  return !collection.indexes.every(isComplete)
}

/** What a transaction's commit changes in the ordinary indexes under construction, made ready while others have their turn. */
export async function prepareCatchUp(collection: Collection, { before, changes, rests }: Ending): Promise<CatchUps> {
  const ready = new Map<Index, Ready>()
  for (const index of collection.indexes) {
    if (isComplete(index) || index.unique) continue
    const through = index.builtThrough
    const entries = new Overlay(changes)
    for (const { key, value } of changes.changes()) {
      if (key.readUInt32BE(0) !== collection.table) continue
      const record = recordOfKey(key)
      if (record > through) continue
      const old = before(key)
      for (const entry of old ? entriesOf(collection, index, record, old) : []) entries.set(entry.key, undefined)
      for (const entry of value ? entriesOf(collection, index, record, value) : []) entries.set(entry.key, entry.value)
      const rest = rests.step()
      if (rest) await rest
    }
    ready.set(index, { through, entries })
  }
  return ready
}

/**
 * What a transaction's commit changes in the indexes under construction, for the records that they have passed. Nothing
 * is put until the function it returns is called.
 * @throws CommandError 11000 when a unique index under construction holds a key already
 */
export function catchUp(writer: Writer, collection: Collection, overlay: Overlay, ready?: CatchUps): () => void {
  const steps = collection.indexes
    .filter((index) => !isComplete(index))
    .map((index) => {
      const { through, entries } = ready?.get(index) ?? {}
      if (entries && through === index.builtThrough) return () => writer.adopt(entries)
      return putsOf(writer, changesOf(writer, collection, index, overlay))
    })
  return () => {
    for (const put of steps) put()
  }
}

function putsOf(writer: Writer, { removed, added }: ReturnType<typeof changesOf>): () => void {
  return () => {
    for (const key of removed.values()) writer.remove(key)
    for (const { key, value } of added.values()) writer.put(key, value)
  }
}

function changesOf(writer: Writer, collection: Collection, index: Index, overlay: Overlay) {
  const removed = new Map<string, Buffer>()
  const added = new Map<string, { key: Buffer; value: Buffer }>()
  const put: { key: Buffer; value: Buffer; tuple: unknown[] }[] = []
  for (const { key, value } of overlay.changes()) {
    if (key.readUInt32BE(0) !== collection.table) continue
    const record = recordOfKey(key)
    if (record > index.builtThrough) continue
    const before = writer.get(key)
    for (const entry of before ? entriesOf(collection, index, record, before) : [])
      removed.set(entry.key.toString('latin1'), entry.key)
    for (const entry of value ? entriesOf(collection, index, record, value) : []) put.push(entry)
  }
  for (const { key, value, tuple } of put) {
    const name = key.toString('latin1')
    if (index.unique && (added.has(name) || (writer.get(key) !== undefined && !removed.has(name))))
      throw duplicateKey(collection, index, tuple)
    added.set(name, { key, value })
  }
  return { removed, added }
}

function entriesOf(
  collection: Collection,
  index: Index,
  record: number,
  bytes: Uint8Array,
): { key: Buffer; value: Buffer; tuple: unknown[] }[] {
  const document: Document = decode(Buffer.from(bytes), collection.indexedFields)
  if (index.partial && !index.partial(document)) return []
  const { keys, tuples, multikey, clipped } = indexKeysOf(document, index.pattern)
  index.multikey = index.multikey.map((was, i) => was || multikey[i] === true)
  index.clipped ||= clipped
  return keys.map((key, i) => ({
    key: index.unique ? tableKey(index.table, key) : entryKey(index.table, key, record),
    value: index.unique ? encodeRecord(record) : NOTHING,
    tuple: tuples[i] ?? [],
  }))
}
