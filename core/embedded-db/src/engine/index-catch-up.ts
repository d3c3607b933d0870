import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { indexKeysOf } from '../keys/index-keys.ts'
import type { Overlay } from '../store/overlay.ts'
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

/**
 * What a transaction's commit changes in the indexes under construction, for the records that they have passed. Nothing
 * is put until the function it returns is called.
 * @throws CommandError 11000 when a unique index under construction holds a key already
 */
export function catchUp(writer: Writer, collection: Collection, overlay: Overlay): () => void {
  const steps = collection.indexes
    .filter((index) => !isComplete(index))
    .map((index) => changesOf(writer, collection, index, overlay))
  return () => {
    for (const { removed, added } of steps) {
      for (const key of removed.values()) writer.remove(key)
      for (const { key, value } of added.values()) writer.put(key, value)
    }
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
    if (value) put.push(...entriesOf(collection, index, record, value))
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
