import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson'
import type { Document } from 'bson'
import type { FieldFilter } from './field-filter.ts'
import { filterOf } from './field-filter.ts'
import { fieldName, nameEnd } from './field-names.ts'
import { BsonType } from './types.ts'
import { valueEnd } from './walk.ts'

const MIN_KEY = new MinKey()
const MAX_KEY = new MaxKey()

/**
 * Decodes a checked BSON document to typed values: numbers as Int32, Long, Double or Decimal128, regular expressions as
 * BSONRegExp, nothing promoted, so that what is stored again has the type it had. Unlike `bson.deserialize` it never
 * turns `{$ref, $id}` into a DBRef, which is a convention of drivers and not a type, and it can skip fields.
 * @param only when given, top-level fields outside the set are skipped without being decoded
 */
export function decode(bytes: Buffer, only?: ReadonlySet<string>): Document {
  return decodeDocument(bytes, 0, only)
}

/** As {@link decode}, but for one top-level field. */
export function decodeWithout(bytes: Buffer, left: string): Document {
  const document: Document = {}
  const end = bytes.readInt32LE(0) - 1
  let position = 4
  while (position < end) {
    const type = bytes[position] as number
    const stop = nameEnd(bytes, position + 1)
    const name = fieldName(bytes, position + 1, stop)
    position = valueEnd(bytes, type, stop + 1)
    if (name !== left) assign(document, name, decodeValue(bytes, type, stop + 1, position))
  }
  return document
}

/** As {@link decode}, for the document that begins at `offset` of a larger buffer. */
function decodeDocument(bytes: Buffer, offset: number, only?: ReadonlySet<string>): Document {
  if (only) return decodeFields(bytes, offset, filterOf(only))
  const document: Document = {}
  const end = offset + bytes.readInt32LE(offset) - 1
  let position = offset + 4
  while (position < end) {
    const type = bytes[position] as number
    const stop = nameEnd(bytes, position + 1)
    const name = fieldName(bytes, position + 1, stop)
    position = valueEnd(bytes, type, stop + 1)
    assign(document, name, decodeValue(bytes, type, stop + 1, position))
  }
  return document
}

function decodeFields(bytes: Buffer, offset: number, only: FieldFilter): Document {
  const document: Document = {}
  const end = offset + bytes.readInt32LE(offset) - 1
  let position = offset + 4
  let missing = only.size
  while (position < end && missing > 0) {
    const type = bytes[position] as number
    const start = position + 1
    const stop = nameEnd(bytes, start)
    position = valueEnd(bytes, type, stop + 1)
    const name = only.find(bytes, start, stop)
    if (name === undefined) continue
    missing--
    assign(document, name, decodeValue(bytes, type, stop + 1, position))
  }
  return document
}

export function assign(document: Document, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true })
  else document[name] = value
}

function decodeArray(bytes: Buffer, offset: number): unknown[] {
  const values: unknown[] = []
  const end = offset + bytes.readInt32LE(offset) - 1
  let position = offset + 4
  while (position < end) {
    const type = bytes[position] as number
    const start = nameEnd(bytes, position + 1) + 1
    position = valueEnd(bytes, type, start)
    values.push(decodeValue(bytes, type, start, position))
  }
  return values
}

function decodeString(bytes: Buffer, offset: number): string {
  return bytes.toString('utf8', offset + 4, offset + 3 + bytes.readInt32LE(offset))
}

function decodeBinary(bytes: Buffer, offset: number, end: number): Binary {
  const subType = bytes[offset + 4] as number
  const start = subType === Binary.SUBTYPE_BYTE_ARRAY ? offset + 9 : offset + 5
  const data = Buffer.from(bytes.subarray(start, end))
  return subType === Binary.SUBTYPE_UUID && data.length === 16 ? new UUID(data) : new Binary(data, subType)
}

/** Decodes the value of `type` that occupies `bytes[offset, end)`. */
export function decodeValue(bytes: Buffer, type: number, offset: number, end: number): unknown {
  switch (type) {
    case BsonType.double:
      return new Double(bytes.readDoubleLE(offset))
    case BsonType.string:
      return decodeString(bytes, offset)
    case BsonType.object:
      return decodeDocument(bytes, offset)
    case BsonType.array:
      return decodeArray(bytes, offset)
    case BsonType.binData:
      return decodeBinary(bytes, offset, end)
    case BsonType.undefined:
      return undefined
    case BsonType.objectId:
      // It keeps the bytes as numbers of its own.
      return new ObjectId(bytes.subarray(offset, end))
    case BsonType.bool:
      return bytes[offset] === 1
    case BsonType.date:
      return new Date(bytes.readInt32LE(offset + 4) * 0x1_0000_0000 + bytes.readUInt32LE(offset))
    case BsonType.null:
      return null
    case BsonType.regex: {
      const pattern = nameEnd(bytes, offset)
      const expression = new BSONRegExp(bytes.toString('utf8', offset, pattern))
      // Its constructor refuses options that it does not know, and one such value would make its collection unreadable.
      expression.options = bytes.toString('utf8', pattern + 1, end - 1)
      return expression
    }
    case BsonType.dbPointer:
      return new DBRef(decodeString(bytes, offset), new ObjectId(bytes.subarray(end - 12, end)))
    case BsonType.code:
      return new Code(decodeString(bytes, offset))
    case BsonType.symbol:
      return new BSONSymbol(decodeString(bytes, offset))
    case BsonType.codeWithScope: {
      const scope = valueEnd(bytes, BsonType.string, offset + 4)
      return new Code(decodeString(bytes, offset + 4), decodeDocument(bytes, scope))
    }
    case BsonType.int32:
      return new Int32(bytes.readInt32LE(offset))
    case BsonType.timestamp:
      return new Timestamp({ t: bytes.readUInt32LE(offset + 4), i: bytes.readUInt32LE(offset) })
    case BsonType.int64:
      return new Long(bytes.readInt32LE(offset), bytes.readInt32LE(offset + 4))
    case BsonType.decimal128:
      return new Decimal128(Buffer.from(bytes.subarray(offset, end)))
    case BsonType.minKey:
      return MIN_KEY
    case BsonType.maxKey:
      return MAX_KEY
    default:
      throw new TypeError(`unknown BSON type ${type}`)
  }
}
