import { UUID } from 'bson'
import type { Document } from 'bson'
import { looksAtClock } from '../aggregate/pacer.ts'
import { decode } from '../bson/decode.ts'
import { indexKeysOf } from '../keys/index-keys.ts'
import type { Collection, Index } from './collection.ts'
import { SLICE_MS } from './commit-queue.ts'
import { clearTables } from './definitions.ts'
import { duplicateKey } from './duplicate-key.ts'
import type { Engine } from './engine.ts'
import { collectFilterFields, rootOf } from './filter-fields.ts'
import { refuseHashedArray } from './documents.ts'
import { buildIndex } from './index-spec.ts'
import type { Interrupt } from './interrupt.ts'
import { encodeRecord, entryKey, recordKey, recordOfKey, tableKey, tableRange } from './keyspace.ts'
import { loggedName } from './time-series.ts'
import type { WriteContext } from './write-context.ts'
import { CommandError, during } from '../errors.ts'

/**
 * Builds an index while others write: each slice indexes the next records and moves `builtThrough`; writers keep the
 * entries of records up to there themselves. The definition is stored in the commit of the last slice, which also takes away
 * the index that it replaces.
 * @throws CommandError 11000 or 171, with nothing left behind, when documents disagree with the index, or as {@link Interrupt.check}
 */
export async function buildIndexOnline(
  engine: Engine,
  collection: Collection,
  spec: Document,
  interrupt: Interrupt,
  replaced?: Index,
): Promise<void> {
  const index = buildIndex(spec, engine.catalogue.allocateTable(), { builtThrough: 0 })
  await engine.write(() => attach(collection, index))
  try {
    let complete = false
    while (!complete) {
      await Promise.allSettled(engine.preparing)
      complete = await engine.write((context) => buildSlice(engine, context, collection, index, replaced), interrupt)
    }
    index.ready = true
  } catch (error) {
    collection.indexes = collection.indexes.filter((one) => one !== index)
    await clearTables(engine, [index.table])
    throw during(failedBuild(collection), error)
  }
  if (replaced) await clearTables(engine, [replaced.table])
}

/** What the server puts before the reason: the ids of the build and of the collection. */
function failedBuild({ namespace, uuid }: Collection): string {
  return `Index build failed: ${new UUID().toHexString()}: Collection ${namespace} ( ${uuid.toUUID().toHexString()} )`
}

/** Writers read the fields of an index as soon as its build begins. */
function attach(collection: Collection, index: Index): void {
  collection.indexes = [...collection.indexes, index]
  const fields = new Set(collection.indexedFields)
  for (const field of index.fields) fields.add(rootOf(field))
  const known =
    collection.indexedFields !== undefined &&
    (!index.partial || collectFilterFields(index.spec.partialFilterExpression as Document, fields))
  collection.indexedFields = known ? fields : undefined
}

function buildSlice(
  engine: Engine,
  context: WriteContext,
  collection: Collection,
  index: Index,
  replaced: Index | undefined,
): boolean {
  if (engine.catalogue.collections.get(collection.namespace) !== collection || !collection.indexes.includes(index)) {
    throw new CommandError(
      276,
      'IndexBuildAborted',
      `Index build failed: the collection ${collection.namespace} or the index was dropped`,
    )
  }
  const until = performance.now() + SLICE_MS
  const { end } = tableRange(collection.table)
  let steps = 0
  for (const { key, value } of context.range({ start: recordKey(collection.table, index.builtThrough + 1), end })) {
    const record = recordOfKey(key)
    indexRecord(context, collection, index, record, decode(value, collection.indexedFields))
    index.builtThrough = record
    if (looksAtClock(++steps) && performance.now() > until) return false
  }
  index.builtThrough = Number.POSITIVE_INFINITY
  collection.indexes = collection.indexes.filter((one) => one !== replaced)
  engine.catalogue.redefine(context, collection)
  if (replaced) return true
  context.log({
    kind: 'command',
    database: collection.database,
    namespace: loggedName(collection),
    name: 'createIndexes',
    detail: { uuid: collection.uuid, indexes: [index.spec] },
  })
  return true
}

function indexRecord(
  context: WriteContext,
  collection: Collection,
  index: Index,
  record: number,
  document: Document,
): void {
  if (index.partial && !index.partial(document)) return
  const { keys, tuples, multikey, clipped } = indexKeysOf(document, index.pattern)
  refuseHashedArray(index, multikey)
  index.multikey = index.multikey.map((was, i) => was || multikey[i] === true)
  index.clipped ||= clipped
  keys.forEach((key, i) => {
    if (!index.unique) return context.put(entryKey(index.table, key, record), Buffer.alloc(0))
    const stored = tableKey(index.table, key)
    if (context.get(stored) !== undefined) throw duplicateKey(collection, index, tuples[i] ?? [])
    return context.put(stored, encodeRecord(record))
  })
}
