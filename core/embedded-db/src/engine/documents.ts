import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { beginsWithId, documentId, idDocument } from '../bson/raw.ts'
import { BsonType } from '../bson/types.ts'
import type { RawDocument } from '../bson/types.ts'
import { CommandError } from '../errors.ts'
import { indexKeysOf } from '../keys/index-keys.ts'
import { typeName } from '../values/types.ts'
import type { Collection, Hit, Index } from './collection.ts'
import { duplicateKey } from './duplicate-key.ts'
import { encodeRecord, entriesOfKey, entryKey, RECORD_BYTES, recordKey, tableKey } from './keyspace.ts'
import { checkTime } from './time-series.ts'
import { describeChange } from './update-description.ts'
import type { WriteContext } from './write-context.ts'

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024

/** What one index holds of one document. */
interface Entries {
  index: Index
  keys: Buffer[]
  /** The keys as the store holds them. */
  stored: Buffer[]
  tuples: unknown[][]
}

function entriesOf(
  indexes: readonly Index[],
  document: Document,
  record: number,
  widen: (index: Index) => void,
): Entries[] {
  const all: Entries[] = []
  for (const index of indexes) {
    if (record > index.builtThrough || (index.partial && !index.partial(document))) continue
    const { keys, tuples, multikey, clipped } = indexKeysOf(document, index.pattern)
    const arrays = multikey.includes(true)
    const wider = (arrays && multikey.some((is, i) => is && !index.multikey[i])) || (clipped && !index.clipped)
    if (wider) {
      refuseHashedArray(index, multikey)
      index.multikey = index.multikey.map((was, i) => was || multikey[i] === true)
      index.clipped ||= clipped
      widen(index)
    }
    all.push({ index, keys, stored: keys.map((key) => storedKey(index, key, record)), tuples })
  }
  return all
}

/** @throws CommandError 16766 for an array in a hashed field */
export function refuseHashedArray(index: Index, multikey: readonly boolean[]): void {
  if (multikey.some((is, i) => is && (index.spec.key as Document)[index.fields[i] as string] === 'hashed'))
    throw new CommandError(16766, 'Location16766', 'Error: hashed indexes do not currently support array values')
}

function storedKey(index: Index, key: Buffer, record: number): Buffer {
  return index.unique ? tableKey(index.table, key) : entryKey(index.table, key, record)
}

function checkUnique(
  context: WriteContext,
  collection: Collection,
  entries: Entries,
  fresh: (key: Buffer) => boolean,
): void {
  const { index } = entries
  if (!index.unique && !index.prepared) return
  for (let i = 0; i < entries.keys.length; i++) {
    const key = entries.keys[i] as Buffer
    if (!fresh(key)) continue
    const unique = index.unique ? (entries.stored[i] as Buffer) : tableKey(index.table, key)
    const taken = index.unique ? context.get(unique) !== undefined : hasEntry(context, unique)
    if (taken) throw duplicateKey(collection, index, entries.tuples[i] ?? [])
    context.claim(unique)
  }
}

/** Whether an ordinary index holds the key for any record. */
function hasEntry(context: WriteContext, key: Buffer): boolean {
  for (const entry of context.range({ ...entriesOfKey(key), keysOnly: true }))
    if (entry.key.length === key.length + RECORD_BYTES) return true
  return false
}

function putEntries(
  context: WriteContext,
  { index, keys, stored }: Entries,
  record: Buffer,
  wanted: (key: Buffer) => boolean,
): void {
  for (let i = 0; i < keys.length; i++)
    if (wanted(keys[i] as Buffer)) context.put(stored[i] as Buffer, index.unique ? record : NOTHING)
}

const NOTHING = Buffer.alloc(0)
const always = (): boolean => true

function checkSize(bytes: RawDocument): void {
  if (bytes.length > MAX_DOCUMENT_BYTES)
    throw new CommandError(
      10334,
      'BSONObjectTooLarge',
      `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}(16MB)`,
    )
}

/** What nearly all `_id` are, and cannot be wrong. */
function hasPlainId(bytes: RawDocument): boolean {
  const first = beginsWithId(bytes) ? bytes[4] : undefined
  return first === BsonType.objectId || first === BsonType.string || first === BsonType.int32
}

/** @throws CommandError 2 for a document to insert whose `_id` can be none; of an upsert it is another code */
export function checkInsertedId(bytes: RawDocument): void {
  if (hasPlainId(bytes)) return
  const id = documentId(bytes)
  if (Array.isArray(id)) throw new CommandError(2, 'BadValue', "can't use an array for _id")
  if (typeName(id) === 'regex') throw new CommandError(2, 'BadValue', "can't use a regex for _id")
}

/** Refuses what cannot be an `_id`. */
function checkId(bytes: RawDocument): void {
  if (hasPlainId(bytes)) return
  const id = documentId(bytes)
  const type = Array.isArray(id) ? 'array' : id === undefined ? 'undefined' : typeName(id)
  if (type === 'array' || type === 'regex' || type === 'undefined')
    throw new CommandError(53, 'InvalidIdField', `The '_id' value cannot be of type ${type}`)
  const operator = type === 'object' ? Object.keys(id as Document).find((name) => name.startsWith('$')) : undefined
  if (operator && !['$ref', '$id', '$db'].includes(operator))
    throw new CommandError(
      52,
      'DollarPrefixedFieldName',
      `_id fields may not contain '$'-prefixed fields: ${operator} is not valid for storage.`,
    )
}

/**
 * Adds a document whose first field is `_id`.
 * @returns its record number
 * @throws CommandError 11000 for a duplicate, 171 for parallel arrays, 121 from the validator (unless bypassed), 2 for no time in a series
 */
export function insertDocument(
  context: WriteContext,
  collection: Collection,
  bytes: RawDocument,
  bypassValidation = false,
): number {
  checkSize(bytes)
  checkId(bytes)
  const validate = bypassValidation ? undefined : collection.validate
  const document = decode(bytes, validate ? undefined : collection.indexedFields)
  validate?.(document)
  if (collection.timeField !== undefined) checkTime(collection.timeField, document)
  const record = collection.nextRecord
  const entries = entriesOf(context.indexesOf(collection), document, record, () => context.redefine(collection))
  for (const one of entries) checkUnique(context, collection, one, always)
  collection.nextRecord++
  context.put(recordKey(collection.table, record), bytes)
  const value = encodeRecord(record)
  for (const one of entries) putEntries(context, one, value, always)
  context.tally(collection, 1, bytes.length)
  context.log({ kind: 'insert', collection, documents: [bytes] })
  return record
}

/** Whether an update can have changed the document's keys in the index; what it left alone is still the same object. */
function mayChange(index: Index, before: Document, after: Document): boolean {
  if (!index.roots) return true
  for (const root of index.roots) if (before[root] !== after[root]) return true
  return false
}

/** Replaces a stored document; `after` is its decoded form and `isReplacement` how the oplog tells the two kinds apart. */
export function updateDocument(
  context: WriteContext,
  collection: Collection,
  hit: Hit,
  before: Document,
  after: Document,
  bytes: RawDocument,
  options: {
    isReplacement: boolean
    bypassValidation?: boolean | undefined
    /** The paths that update operators changed. */
    touched?: readonly (readonly string[])[] | undefined
  },
): void {
  checkSize(bytes)
  if (!options.bypassValidation) collection.validate?.(after, before)
  context.claim(recordKey(collection.table, hit.record))
  const affected = context.indexesOf(collection).filter((index) => mayChange(index, before, after))
  const old = entriesOf(affected, before, hit.record, () => undefined)
  const next = entriesOf(affected, after, hit.record, () => context.redefine(collection))
  const oldKeys = new Map(old.map(({ index, keys }) => [index, new Set(keys.map((key) => key.toString('latin1')))]))
  const isNew = (index: Index) => (key: Buffer) => !oldKeys.get(index)?.has(key.toString('latin1'))
  for (const one of next) checkUnique(context, collection, one, isNew(one.index))
  for (const { index, keys, stored } of old) {
    const kept = new Set(next.find((one) => one.index === index)?.keys.map((key) => key.toString('latin1')))
    keys.forEach((key, i) => {
      if (!kept.has(key.toString('latin1'))) context.remove(stored[i] as Buffer)
    })
  }
  context.put(recordKey(collection.table, hit.record), bytes)
  const value = encodeRecord(hit.record)
  for (const one of next) putEntries(context, one, value, isNew(one.index))
  context.tally(collection, 0, bytes.length - hit.bytes.length)
  const pre = collection.keepsImages ? hit.bytes : undefined
  const key = idDocument(bytes)
  if (options.isReplacement) context.log({ kind: 'replace', collection, key, change: undefined, post: bytes, pre })
  else
    context.log({
      kind: 'update',
      collection,
      key,
      change: describeChange(before, after, options.touched),
      post: collection.keepsImages ? bytes : undefined,
      pre,
    })
}

/** Removes a stored document and its index entries. */
export function deleteDocument(context: WriteContext, collection: Collection, hit: Hit): void {
  context.claim(recordKey(collection.table, hit.record))
  const document = decode(hit.bytes, collection.indexedFields)
  for (const { stored } of entriesOf(context.indexesOf(collection), document, hit.record, () => undefined))
    for (const key of stored) context.remove(key)
  context.remove(recordKey(collection.table, hit.record))
  context.tally(collection, -1, -hit.bytes.length)
  context.log({
    kind: 'delete',
    collection,
    key: idDocument(hit.bytes),
    pre: collection.keepsImages ? hit.bytes : undefined,
  })
}
