import type { Binary, BSONRegExp, Code, DBRef, Document, ObjectId, Timestamp } from 'bson'
import type { Collator } from '../values/collation.ts'
import { binaryParts, regexParts } from '../values/compare.ts'
import type { NumericValue } from '../values/number.ts'
import { asDocument, bsonType, typeOf } from '../values/types.ts'
import { encodeNumber } from './encode-number.ts'
import type { KeyBuffer } from './key-buffer.ts'

/** First byte of an encoded value, in the order of MongoDB's type brackets; 0 and 255 stay free for bounds. */
export const KeyType = {
  minKey: 10,
  missing: 15,
  null: 20,
  number: 30,
  string: 60,
  object: 70,
  array: 80,
  binData: 90,
  objectId: 100,
  bool: 110,
  date: 120,
  timestamp: 130,
  regex: 140,
  dbPointer: 150,
  code: 160,
  codeWithScope: 170,
  maxKey: 240,
} as const

const keyTypes: Record<number, number> = {
  [bsonType.minKey]: KeyType.minKey,
  [bsonType.missing]: KeyType.missing,
  [bsonType.undefined]: KeyType.missing,
  [bsonType.null]: KeyType.null,
  [bsonType.int]: KeyType.number,
  [bsonType.long]: KeyType.number,
  [bsonType.double]: KeyType.number,
  [bsonType.decimal]: KeyType.number,
  [bsonType.string]: KeyType.string,
  [bsonType.symbol]: KeyType.string,
  [bsonType.object]: KeyType.object,
  [bsonType.array]: KeyType.array,
  [bsonType.binData]: KeyType.binData,
  [bsonType.objectId]: KeyType.objectId,
  [bsonType.bool]: KeyType.bool,
  [bsonType.date]: KeyType.date,
  [bsonType.timestamp]: KeyType.timestamp,
  [bsonType.regex]: KeyType.regex,
  [bsonType.dbPointer]: KeyType.dbPointer,
  [bsonType.javascript]: KeyType.code,
  [bsonType.javascriptWithScope]: KeyType.codeWithScope,
  [bsonType.maxKey]: KeyType.maxKey,
}

/** The first byte that {@link encodeValue} gives the value. */
export function keyTypeOf(value: unknown): number {
  return keyTypes[typeOf(value)] as number
}

/**
 * Appends a value so that bytes compare as compareValues does and no encoding is a prefix of another, which lets fields be
 * joined and inverted. With a collator, strings are replaced by their folded form: equal exactly when the collation calls
 * them equal, in no useful order.
 */
export function encodeValue(key: KeyBuffer, value: unknown, collator?: Collator): void {
  const type = keyTypeOf(value)
  key.byte(type)
  encodePayload(key, type, value, collator)
}

function encodePayload(key: KeyBuffer, type: number, value: unknown, collator: Collator | undefined): void {
  switch (type) {
    case KeyType.number:
      return encodeNumber(key, value as NumericValue)
    case KeyType.string: {
      const text = String((value as { valueOf(): unknown }).valueOf())
      return key.text(collator ? collator.key(text) : text)
    }
    case KeyType.object:
      return encodeObject(key, asDocument(value as Document), collator)
    case KeyType.array:
      for (const item of value as unknown[]) encodeValue(key, item, collator)
      return key.byte(0)
    case KeyType.binData: {
      const { bytes, subtype } = binaryParts(value as Binary | Uint8Array)
      key.uint32(bytes.length)
      key.byte(subtype)
      return key.raw(bytes)
    }
    case KeyType.objectId:
      return key.raw((value as ObjectId).id)
    case KeyType.bool:
      return key.byte(value === true ? 1 : 0)
    case KeyType.date:
      return key.double((value as Date).getTime())
    case KeyType.timestamp:
      key.uint32((value as Timestamp).high)
      return key.uint32((value as Timestamp).low)
    case KeyType.regex: {
      const { pattern, options } = regexParts(value as BSONRegExp | RegExp)
      key.text(pattern)
      return key.text(options)
    }
    case KeyType.dbPointer:
      key.text((value as DBRef).collection)
      return key.raw((value as DBRef).oid.id)
    case KeyType.code:
      return key.text(String((value as Code).code))
    case KeyType.codeWithScope:
      key.text(String((value as Code).code))
      return encodeObject(key, (value as Code).scope ?? {}, collator)
  }
}

/** As objects compare: type, then name, then value of each field, the shorter first. */
function encodeObject(key: KeyBuffer, document: Document, collator: Collator | undefined): void {
  for (const name of Object.keys(document)) {
    const value: unknown = document[name]
    const type = keyTypeOf(value)
    key.byte(type)
    key.text(name)
    encodePayload(key, type, value, collator)
  }
  key.byte(0)
}
