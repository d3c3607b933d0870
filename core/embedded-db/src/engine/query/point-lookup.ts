import type { Document } from 'bson'
import { appendField, MAX_KEY_BYTES } from '../../keys/index-keys.ts'
import { KeyBuffer } from '../../keys/key-buffer.ts'
import type { Reader } from '../../store/store.ts'
import { bsonType, typeOf } from '../../values/types.ts'
import type { Collection, Hit, Index } from '../collection.ts'
import { recordKey, recordOfKey, tableKey } from '../keyspace.ts'

/** Types whose equality is one key of an index, and of which any value makes a valid filter. */
const POINT_TYPES: ReadonlySet<number> = new Set([
  bsonType.string,
  bsonType.objectId,
  bsonType.int,
  bsonType.long,
  bsonType.double,
  bsonType.date,
  bsonType.bool,
  bsonType.binData,
])

/** The one field that a filter compares with one plain value; such a filter needs no compilation to be correct. */
export function pointField(filter: Document): string | undefined {
  let field: string | undefined
  for (const name in filter) {
    if (field !== undefined) return undefined
    field = name
  }
  if (field === undefined || field.startsWith('$') || field.includes('.') || !POINT_TYPES.has(typeOf(filter[field])))
    return undefined
  return field
}

function serves(index: Index, field: string): boolean {
  return (
    index.unique &&
    index.fields.length === 1 &&
    index.fields[0] === field &&
    index.ready &&
    !index.hidden &&
    index.partial === undefined &&
    index.pattern.collator === undefined
  )
}

const scratch = new KeyBuffer()

/**
 * The document that a filter of one value selects by a unique index, without a plan; `hit` is undefined when there is
 * none. Undefined when the filter or the indexes are of another kind.
 */
export function pointLookup(
  collection: Collection,
  reader: Pick<Reader, 'get'>,
  filter: Document,
): { hit: Hit | undefined } | undefined {
  const field = pointField(filter)
  if (field === undefined) return undefined
  const index = collection.indexes.find((one) => serves(one, field))
  if (!index) return undefined
  index.uses++
  scratch.reset()
  appendField(scratch, filter[field], index.pattern.descending[0] === true, undefined)
  const key = scratch.slice()
  if (key.length > MAX_KEY_BYTES) return undefined
  const entry = reader.get(tableKey(index.table, key))
  if (!entry) return { hit: undefined }
  const record = recordOfKey(entry)
  const bytes = reader.get(recordKey(collection.table, record))
  return { hit: bytes && { record, bytes } }
}
