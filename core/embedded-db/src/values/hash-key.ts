import type { Binary } from 'bson'
import { type Code, type Document, type Double, type Int32, Long, type ObjectId, type Timestamp } from 'bson'
import type { Collator } from './collation.ts'
import { binaryParts, regexParts } from './compare.ts'
import { compareNumbers } from './compare-numbers.ts'
import { type NumericValue, toDecimal, toNumber } from './number.ts'
import { asDocument, bsonType, typeOf } from './types.ts'

/**
 * A string that is the same for two values exactly when compareValues says they are equal; the key of hash joins, groups
 * and sets.
 */
export function hashKey(value: unknown, collator?: Collator): string {
  const type = typeOf(value)
  switch (type) {
    case bsonType.string:
    case bsonType.symbol:
      return `s${textKey(String(value), collator)}`
    case bsonType.int:
    case bsonType.double:
      return `n${numberText(toNumber(value as Int32 | Double))}`
    case bsonType.long:
    case bsonType.decimal:
      return wideNumberKey(value as NumericValue)
    case bsonType.objectId:
      return `o${(value as ObjectId).toHexString()}`
    case bsonType.bool:
      return value === true ? 't' : 'f'
    case bsonType.date:
      return `d${(value as Date).getTime()}`
    case bsonType.null:
      return '0'
    case bsonType.missing:
      return 'u'
    case bsonType.object:
      return `{${Object.entries(asDocument(value as Document))
        .map(([name, item]) => `${sized(name)}${sized(hashKey(item, collator))}`)
        .join('')}}`
    case bsonType.array:
      return `[${(value as unknown[]).map((item) => sized(hashKey(item, collator))).join('')}]`
    default:
      return rareKey(type, value, collator)
  }
}

function textKey(text: string, collator: Collator | undefined): string {
  if (!collator) return text
  const key = collator.key(text)
  return typeof key === 'string' ? key : Buffer.from(key).toString('latin1')
}

function numberText(value: number): string {
  return value === 0 ? '0' : String(value)
}

/** Lengths keep nested keys from running into each other. */
function sized(text: string): string {
  return `${text.length}:${text}`
}

function wideNumberKey(value: NumericValue): string {
  const near = toNumber(value)
  if (compareNumbers(value, near) === 0) return `n${numberText(near)}`
  return value instanceof Long || typeof value === 'bigint' ? `w${value.toString()}` : `w${toDecimal(value).toFixed()}`
}

function rareKey(type: number, value: unknown, collator: Collator | undefined): string {
  switch (type) {
    case bsonType.binData: {
      const { bytes, subtype } = binaryParts(value as Binary)
      return `b${subtype}:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')}`
    }
    case bsonType.timestamp:
      return `T${(value as Timestamp).toString()}`
    case bsonType.regex: {
      const { pattern, options } = regexParts(value as RegExp)
      return `r${sized(pattern)}${options}`
    }
    case bsonType.javascript:
    case bsonType.javascriptWithScope:
      return `c${sized(String((value as Code).code))}${hashKey((value as Code).scope ?? undefined, collator)}`
    default:
      return type === bsonType.minKey ? '<' : '>'
  }
}
