import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { beginsWithId, documentId, idDocument } from '../bson/raw.ts'
import { BsonType } from '../bson/types.ts'
import type { RawDocument } from '../bson/types.ts'
import { CommandError } from '../errors.ts'
import { typeName } from '../values/types.ts'
import type { Collection, Hit, Index } from './collection.ts'
import { duplicateKey } from './duplicate-key.ts'
import { entriesBeyond, entriesOf, keysOf } from './index-entries.ts'
import type { Entries } from './index-entries.ts'
import { encodeRecord, entriesOfKey, RECORD_BYTES, recordKey, tableKey } from './keyspace.ts'
import { checkTime } from './time-series.ts'
import type { ReadyKeys } from './large-keys.ts'
import { describeChange } from './update-description.ts'
import type { WriteContext } from './write-context.ts'

export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024

function checkUnique(context: WriteContext, collection: Collection, entries: Entries): void {
  const { index } = entries
  if (!index.unique && !index.prepared) return
  for (let i = 0; i < entries.keys.length; i++) {
    const key = entries.keys[i] as Buffer
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

function putEntries(context: WriteContext, { index, stored }: Entries, record: Buffer): void {
  for (const key of stored) context.put(key, index.unique ? record : NOTHING)
}

const NOTHING = Buffer.alloc(0)

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
 * Adds a document whose first field is `_id`; some of its keys may be at hand.
 * @returns its record number
 * @throws CommandError 11000 for a duplicate, 171 for parallel arrays, 121 from the validator (unless bypassed), 2 for no time in a series
 */
export function insertDocument(
  context: WriteContext,
  collection: Collection,
  bytes: RawDocument,
  bypassValidation = false,
  ready?: ReadyKeys,
): number {
  checkSize(bytes)
  checkId(bytes)
  const validate = bypassValidation ? undefined : collection.validate
  const document = decode(bytes, validate ? undefined : collection.indexedFields)
  validate?.(document)
  if (collection.timeField !== undefined) checkTime(collection.timeField, document)
  const record = collection.nextRecord
  const keyed = keysOf(context.indexesOf(collection), document, record, () => context.redefine(collection), ready)
  const entries = keyed.map((one) => entriesOf(one, record))
  for (const one of entries) checkUnique(context, collection, one)
  collection.nextRecord++
  context.put(recordKey(collection.table, record), bytes)
  const value = encodeRecord(record)
  for (const one of entries) putEntries(context, one, value)
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
  const old = keysOf(affected, before, hit.record, () => undefined)
  const next = keysOf(affected, after, hit.record, () => context.redefine(collection))
  const added = next.map((one) => entriesBeyond(one, old, hit.record))
  for (const one of added) checkUnique(context, collection, one)
  for (const one of old) for (const key of entriesBeyond(one, next, hit.record).stored) context.remove(key)
  context.put(recordKey(collection.table, hit.record), bytes)
  const value = encodeRecord(hit.record)
  for (const one of added) putEntries(context, one, value)
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
  for (const one of keysOf(context.indexesOf(collection), document, hit.record, () => undefined))
    for (const key of entriesOf(one, hit.record).stored) context.remove(key)
  context.remove(recordKey(collection.table, hit.record))
  context.tally(collection, -1, -hit.bytes.length)
  context.log({
    kind: 'delete',
    collection,
    key: idDocument(hit.bytes),
    pre: collection.keepsImages ? hit.bytes : undefined,
  })
}
