import type { Decimal128 } from 'bson'
import {
  Binary,
  BSONRegExp,
  type BSONSymbol,
  type Code,
  type Document,
  type Double,
  type ObjectId,
  type Timestamp,
} from 'bson'
import type { Collator } from './collation.ts'
import { compareDoubles, compareNumbers } from './compare-numbers.ts'
import { fastNumber, type NumericValue } from './number.ts'
import { asDocument, bsonType, typeOf } from './types.ts'

const brackets: Record<number, number> = {
  [bsonType.minKey]: -1,
  [bsonType.missing]: 0,
  [bsonType.undefined]: 0,
  [bsonType.null]: 5,
  [bsonType.int]: 10,
  [bsonType.long]: 10,
  [bsonType.double]: 10,
  [bsonType.decimal]: 10,
  [bsonType.string]: 15,
  [bsonType.symbol]: 15,
  [bsonType.object]: 20,
  [bsonType.array]: 25,
  [bsonType.binData]: 30,
  [bsonType.objectId]: 35,
  [bsonType.bool]: 40,
  [bsonType.date]: 45,
  [bsonType.timestamp]: 47,
  [bsonType.regex]: 50,
  [bsonType.dbPointer]: 55,
  [bsonType.javascript]: 60,
  [bsonType.javascriptWithScope]: 65,
  [bsonType.maxKey]: 127,
}

/** MongoDB's canonical type order (canonicalizeBSONType in bsontypes.h): only values of one bracket compare with `$gt` and its kin. */
export function typeBracket(value: unknown): number {
  return brackets[typeOf(value)] as number
}

/** Strings order by UTF-8 bytes, which UTF-16 order breaks only between surrogates and U+E000…U+FFFF. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    if (x >= 0xd800 && y >= 0xd800) {
      const xIsSurrogate = x <= 0xdfff
      if (xIsSurrogate !== y <= 0xdfff) return xIsSurrogate ? 1 : -1
    }
    return x < y ? -1 : 1
  }
  return a.length < b.length ? -1 : 1
}

/**
 * The total order of BSON values: exact across the four numeric types (NaN smallest, -0 equal to 0), order-sensitive in
 * objects and arrays; undefined sorts before null, as a missing value does in expressions.
 */
export function compareValues(a: unknown, b: unknown, collator?: Collator): number {
  if (typeof a === 'string' && typeof b === 'string') return collator ? collator.compare(a, b) : compareStrings(a, b)
  const x = fastNumber(a)
  const y = x === undefined ? undefined : fastNumber(b)
  if (x !== undefined && y !== undefined) return compareDoubles(x, y)
  const bracket = typeBracket(a)
  const other = typeBracket(b)
  if (bracket !== other) return bracket < other ? -1 : 1
  return compareInBracket(bracket, a, b, collator)
}

export function valuesEqual(a: unknown, b: unknown, collator?: Collator): boolean {
  return compareValues(a, b, collator) === 0
}

function compareInBracket(bracket: number, a: unknown, b: unknown, collator: Collator | undefined): number {
  switch (bracket) {
    case 10:
      return compareNumbers(a as NumericValue, b as NumericValue)
    case 15: {
      const x = String((a as BSONSymbol).valueOf())
      const y = String((b as BSONSymbol).valueOf())
      return collator ? collator.compare(x, y) : compareStrings(x, y)
    }
    case 20:
      return compareDocuments(asDocument(a as Document), asDocument(b as Document), collator)
    case 25:
      return compareArrays(a as unknown[], b as unknown[], collator)
    case 30:
      return compareBinaries(a as Binary | Uint8Array, b as Binary | Uint8Array)
    case 35:
      return Math.sign(Buffer.compare((a as ObjectId).id, (b as ObjectId).id))
    case 40:
      return a === b ? 0 : a === false ? -1 : 1
    case 45:
      return Math.sign((a as Date).getTime() - (b as Date).getTime()) || 0
    case 47:
      return (a as Timestamp).toUnsigned().compare((b as Timestamp).toUnsigned())
    case 50:
      return compareRegexes(a as BSONRegExp | RegExp, b as BSONRegExp | RegExp)
    case 60:
      return compareStrings(codeText(a as Code), codeText(b as Code))
    case 65:
      return (
        compareStrings(codeText(a as Code), codeText(b as Code)) ||
        compareDocuments((a as Code).scope ?? {}, (b as Code).scope ?? {}, collator)
      )
    default:
      return 0
  }
}

function codeText(value: Code): string {
  return String(value.code)
}

/** Objects compare field by field: type bracket, then name, then value; the shorter of two equal prefixes is smaller. */
function compareDocuments(a: Document, b: Document, collator: Collator | undefined): number {
  const keysA = Object.keys(a)
  const keysB = Object.keys(b)
  const length = Math.min(keysA.length, keysB.length)
  for (let i = 0; i < length; i++) {
    const keyA = keysA[i] as string
    const keyB = keysB[i] as string
    const x: unknown = a[keyA]
    const y: unknown = b[keyB]
    const bracket = typeBracket(x)
    const other = typeBracket(y)
    if (bracket !== other) return bracket < other ? -1 : 1
    const order = compareStrings(keyA, keyB) || compareInBracket(bracket, x, y, collator)
    if (order !== 0) return order
  }
  return Math.sign(keysA.length - keysB.length)
}

function compareArrays(a: unknown[], b: unknown[], collator: Collator | undefined): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareValues(a[i], b[i], collator)
    if (order !== 0) return order
  }
  return Math.sign(a.length - b.length)
}

/** Binary data orders by length, then subtype, then bytes. */
function compareBinaries(a: Binary | Uint8Array, b: Binary | Uint8Array): number {
  const x = binaryParts(a)
  const y = binaryParts(b)
  return (
    Math.sign(x.bytes.length - y.bytes.length) ||
    Math.sign(x.subtype - y.subtype) ||
    Math.sign(Buffer.compare(x.bytes, y.bytes))
  )
}

export function binaryParts(value: Binary | Uint8Array): { bytes: Uint8Array; subtype: number } {
  return value instanceof Binary
    ? { bytes: value.buffer.subarray(0, value.position), subtype: value.sub_type }
    : { bytes: value, subtype: 0 }
}

export function regexParts(value: BSONRegExp | RegExp): { pattern: string; options: string } {
  return value instanceof BSONRegExp
    ? { pattern: value.pattern, options: value.options }
    : { pattern: value.source, options: value.flags.replace(/[^imsux]/g, '') }
}

function compareRegexes(a: BSONRegExp | RegExp, b: BSONRegExp | RegExp): number {
  const x = regexParts(a)
  const y = regexParts(b)
  return compareStrings(x.pattern, y.pattern) || compareStrings(x.options, y.options)
}

/** Whether two values are the same bytes in BSON: equal, of the same types, and with the same fields in the same order. */
export function identical(a: unknown, b: unknown): boolean {
  if (a === b && typeof a !== 'number') return true
  const type = typeOf(a)
  if (type !== typeOf(b)) return false
  if (type === bsonType.object) {
    const x = asDocument(a as Document)
    const y = asDocument(b as Document)
    const keys = Object.keys(x)
    const others = Object.keys(y)
    return keys.length === others.length && keys.every((key, i) => key === others[i] && identical(x[key], y[key]))
  }
  if (type === bsonType.array)
    return (
      (a as unknown[]).length === (b as unknown[]).length &&
      (a as unknown[]).every((item, i) => identical(item, (b as unknown[])[i]))
    )
  if (type === bsonType.double) return Object.is((a as Double).valueOf(), (b as Double).valueOf())
  if (type === bsonType.decimal) return Buffer.compare((a as Decimal128).bytes, (b as Decimal128).bytes) === 0
  return compareValues(a, b) === 0
}
