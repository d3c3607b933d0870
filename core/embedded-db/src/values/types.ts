import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  type Document,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'bson'

/** BSON element type numbers (bsonspec.org), with -1 and 127 for MinKey and MaxKey; 0 stands for a missing value. */
export const bsonType = {
  missing: 0,
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
} as const

const int32Min = -0x80000000
const int32Max = 0x7fffffff

function wrapperType(value: object): number {
  switch (Object.getPrototypeOf(value)) {
    case Object.prototype:
      return bsonType.object
    case Int32.prototype:
      return bsonType.int
    case ObjectId.prototype:
      return bsonType.objectId
    case Date.prototype:
      return bsonType.date
    case Double.prototype:
      return bsonType.double
    case Long.prototype:
      return bsonType.long
    case Decimal128.prototype:
      return bsonType.decimal
    case UUID.prototype:
    case Binary.prototype:
      return bsonType.binData
    case Timestamp.prototype:
      return bsonType.timestamp
    case BSONRegExp.prototype:
      return bsonType.regex
    case BSONSymbol.prototype:
      return bsonType.symbol
    case MinKey.prototype:
      return bsonType.minKey
    case MaxKey.prototype:
      return bsonType.maxKey
    case Code.prototype:
      return (value as Code).scope ? bsonType.javascriptWithScope : bsonType.javascript
    default:
      return value instanceof Date
        ? bsonType.date
        : value instanceof Uint8Array
          ? bsonType.binData
          : value instanceof RegExp
            ? bsonType.regex
            : bsonType.object
  }
}

/** The BSON type number of a value as `deserialize(…, { promoteValues: false })` gives it; plain JS numbers count as int when integral in 32 bits, else double; undefined counts as missing. */
export function typeOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return bsonType.string
    case 'boolean':
      return bsonType.bool
    case 'number':
      return Number.isInteger(value) && value >= int32Min && value <= int32Max && !Object.is(value, -0)
        ? bsonType.int
        : bsonType.double
    case 'bigint':
      return bsonType.long
    case 'object':
      if (value === null) return bsonType.null
      return Array.isArray(value) ? bsonType.array : wrapperType(value)
    default:
      return bsonType.missing
  }
}

const names = new Map<number, string>(Object.entries(bsonType).map(([name, number]) => [number, name]))

/** The alias that `$type` answers: 'int', 'objectId', 'missing', … */
export function typeName(value: unknown): string {
  return names.get(typeOf(value)) ?? 'object'
}

/** The type number for a `$type` alias, or undefined when MongoDB knows no such alias. */
export function typeNumberOfAlias(alias: string): number | undefined {
  return alias === 'missing' ? undefined : (bsonType as Record<string, number>)[alias]
}

export function isNumberType(type: number): boolean {
  return type === bsonType.int || type === bsonType.double || type === bsonType.long || type === bsonType.decimal
}

/** Whether the value is an embedded document: a plain object or the DBRef that bson makes of one. */
export function isObject(value: unknown): value is Document {
  return typeOf(value) === bsonType.object
}

/** The embedded document itself; bson reads `{ $ref, $id }` as a DBRef, which is turned back into its fields. */
export function asDocument(value: Document): Document {
  if (!(value instanceof DBRef)) return value
  const document: Document = { $ref: value.collection, $id: value.oid }
  if (value.db !== undefined) document.$db = value.db
  return Object.assign(document, value.fields)
}
