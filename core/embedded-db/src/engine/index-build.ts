import { UUID } from 'bson'
import type { Document } from 'bson'
import { looksAtClock } from '../aggregate/pacer.ts'
import { decode } from '../bson/decode.ts'
import type { RawDocument } from '../bson/types.ts'
import { indexKeysOf } from '../keys/index-keys.ts'
import type { IndexKeys } from '../keys/index-keys.ts'
import type { KeyRange } from '../keys/ranges.ts'
import { Overlay } from '../store/overlay.ts'
import type { Collection, Index } from './collection.ts'
import { SLICE_MS } from './commit-queue.ts'
import { clearTables } from './definitions.ts'
import { duplicateKey } from './duplicate-key.ts'
import type { Engine } from './engine.ts'
import { collectFilterFields, rootOf } from './filter-fields.ts'
import { refuseHashedArray } from './index-entries.ts'
import { buildIndex } from './index-spec.ts'
import { Turns } from './interrupt.ts'
import type { Interrupt } from './interrupt.ts'
import { encodeRecord, entryKey, recordKey, recordOfKey, tableKey, tableRange } from './keyspace.ts'
import { keysInTurns, mayHaveManyKeys } from './large-keys.ts'
import { loggedName } from './time-series.ts'
import type { WriteContext } from './write-context.ts'
import { CommandError, during } from '../errors.ts'

const NOTHING = Buffer.alloc(0)

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
      const large = index.unique ? undefined : await nextIfLarge(engine, collection, index, interrupt)
      await Promise.allSettled(engine.preparing)
      complete = await engine.write(
        (context) => buildSlice(engine, context, collection, index, replaced, large),
        interrupt,
      )
    }
    index.ready = true
  } catch (error) {
    collection.indexes = collection.indexes.filter((one) => one !== index)
    await clearTables(engine, [index.table])
    throw during(failedBuild(collection), error)
  }
  if (replaced) await clearTables(engine, [replaced.table])
}

/** A large document's keys and entries, which are right for as long as its bytes are the same. */
interface Large {
  record: number
  bytes: RawDocument
  found: IndexKeys | undefined
  entries: Overlay
}

/** The next document if it is a large one, with its entries made while others have their turn. */
async function nextIfLarge(
  { store }: Engine,
  collection: Collection,
  index: Index,
  interrupt: Interrupt,
): Promise<Large | undefined> {
  for (const { key, value: bytes } of store.range(unbuilt(collection, index))) {
    if (!mayHaveManyKeys(bytes)) return undefined
    const record = recordOfKey(key)
    const turns = new Turns(interrupt)
    const found = (await keysInTurns(collection, [index], bytes, turns)).get(index.pattern)
    const entries = new Overlay(store, Number.POSITIVE_INFINITY)
    for (const one of found?.keys ?? []) {
      entries.set(entryKey(index.table, one, record), NOTHING)
      const rest = turns.step()
      if (rest) await rest
    }
    return { record, bytes, found, entries }
  }
  return undefined
}

function unbuilt({ table }: Collection, { builtThrough }: Index): KeyRange {
  return { start: recordKey(table, builtThrough + 1), end: tableRange(table).end }
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
  large: Large | undefined,
): boolean {
  if (engine.catalogue.collections.get(collection.namespace) !== collection || !collection.indexes.includes(index)) {
    throw new CommandError(
      276,
      'IndexBuildAborted',
      `Index build failed: the collection ${collection.namespace} or the index was dropped`,
    )
  }
  const until = performance.now() + SLICE_MS
  let steps = 0
  for (const { key, value } of context.range(unbuilt(collection, index))) {
    const record = recordOfKey(key)
    if (large?.record === record && large.bytes.equals(value)) {
      if (large.found) widen(index, large.found)
      context.adopt(large.entries)
    } else if (steps > 0 && mayHaveManyKeys(value) && !index.unique) return false
    else indexRecord(context, collection, index, record, decode(value, collection.indexedFields))
    index.builtThrough = record
    steps++
    if ((mayHaveManyKeys(value) || looksAtClock(steps)) && performance.now() > until) return false
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

function widen(index: Index, { multikey, clipped }: IndexKeys): void {
  refuseHashedArray(index, multikey)
  index.multikey = index.multikey.map((was, i) => was || multikey[i] === true)
  index.clipped ||= clipped
}

function indexRecord(
  context: WriteContext,
  collection: Collection,
  index: Index,
  record: number,
  document: Document,
): void {
  if (index.partial && !index.partial(document)) return
  const found = indexKeysOf(document, index.pattern)
  const { keys, tuples } = found
  widen(index, found)
  keys.forEach((key, i) => {
    if (!index.unique) return context.put(entryKey(index.table, key, record), NOTHING)
    const stored = tableKey(index.table, key)
    if (context.get(stored) !== undefined) throw duplicateKey(collection, index, tuples[i] ?? [])
    return context.put(stored, encodeRecord(record))
  })
}
