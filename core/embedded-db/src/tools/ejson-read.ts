import { EJSON, serialize } from 'bson'
import type { Document } from 'bson'
import { BsonType } from '../bson/types.ts'
import type { RawDocument } from '../bson/types.ts'
import { checkDocument } from '../bson/walk.ts'
import { TYPE_KEYS } from './ejson-names.ts'
import { JsonNumber, JsonObject, parseJson } from './json-tokens.ts'
import type { Json } from './json-tokens.ts'

interface Element {
  type: number
  payload: Uint8Array
}

const NOTHING = Buffer.alloc(0)

/** BSON of one document in Extended JSON, canonical or relaxed, with the order of its fields. @throws Error for a mistake in it */
export function bsonOf(text: string): RawDocument {
  const value = parseJson(text)
  if (!(value instanceof JsonObject) || isTyped(value)) throw new SyntaxError('a line must be one JSON object')
  const bytes = documentOf(value)
  checkDocument(bytes)
  return bytes
}

function isTyped(object: JsonObject): boolean {
  return object.fields[0] !== undefined && TYPE_KEYS.has(object.fields[0][0])
}

function documentOf(object: JsonObject): RawDocument {
  return frame(object.fields)
}

function frame(fields: Iterable<readonly [string, Json]>): RawDocument {
  const parts: Uint8Array[] = []
  for (const [name, value] of fields) {
    if (name.includes('\0')) throw new SyntaxError('a field name has a NUL character')
    const { type, payload } = elementOf(value)
    parts.push(Buffer.of(type), Buffer.from(`${name}\0`), payload)
  }
  const size = Buffer.alloc(4)
  const body = Buffer.concat([size, ...parts, Buffer.of(0)])
  body.writeInt32LE(body.length, 0)
  return body
}

function elementOf(value: Json): Element {
  if (Array.isArray(value)) return { type: BsonType.array, payload: frame(value.map((item, i) => [String(i), item])) }
  if (value instanceof JsonObject)
    return isTyped(value) ? typedElement(value) : { type: BsonType.object, payload: documentOf(value) }
  if (value instanceof JsonNumber) return relaxedNumber(value.text)
  if (typeof value === 'string') return { type: BsonType.string, payload: stringBytes(value) }
  return typedValue(value)
}

function stringBytes(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const bytes = Buffer.alloc(length + 5)
  bytes.writeInt32LE(length + 1)
  bytes.write(text, 4)
  return bytes
}

/** Whole numbers are of the smallest type that holds them, others are doubles. */
function relaxedNumber(text: string): Element {
  if (!/^-?\d+$/.test(text) || text === '-0') return double(text)
  const value = BigInt(text)
  if (BigInt.asIntN(32, value) === value) return int32(text)
  return BigInt.asIntN(64, value) === value ? int64(text) : double(text)
}

function typedElement(object: JsonObject): Element {
  const [kind, content] = object.fields[0] as readonly [string, Json]
  const scope = object.get('$scope')
  if (kind === '$code' && scope instanceof JsonObject) return codeWithScope(object.get('$code'), scope)
  // Before version 2 the subtype stood beside the bytes.
  if (object.fields.length > (kind === '$binary' && typeof object.get('$type') === 'string' ? 2 : 1))
    throw new SyntaxError(`fields beside ${kind}`)
  const date = content instanceof JsonObject ? content.get('$numberLong') : undefined
  if (kind === '$date' && typeof date === 'string') return { ...int64(date), type: BsonType.date }
  const exact = typeof content === 'string' ? EXACT[kind] : undefined
  if (exact) return exact(content as string)
  if (kind.startsWith('$number') && kind !== '$numberDecimal') throw new SyntaxError(`${kind} is no string`)
  if (kind === '$undefined') return { type: BsonType.undefined, payload: NOTHING }
  if (kind === '$dbPointer') return dbPointer(content)
  return typedValue(plain(object) as Document)
}

const EXACT: Readonly<Record<string, (text: string) => Element>> = {
  $numberInt: int32,
  $numberLong: int64,
  $numberDouble: double,
  $oid: objectId,
}

function objectId(text: string): Element {
  if (!/^[\da-f]{24}$/i.test(text)) throw new SyntaxError(`"${text}" is no object id`)
  return { type: BsonType.objectId, payload: Buffer.from(text, 'hex') }
}

function whole(text: string, bits: number): bigint {
  if (!/^[+-]?\d+$/.test(text) || BigInt.asIntN(bits, BigInt(text)) !== BigInt(text))
    throw new SyntaxError(`"${text}" is no whole number of ${bits} bits`)
  return BigInt(text)
}

function int32(text: string): Element {
  const payload = Buffer.alloc(4)
  payload.writeInt32LE(Number(whole(text, 32)))
  return { type: BsonType.int32, payload }
}

function int64(text: string): Element {
  const payload = Buffer.alloc(8)
  payload.writeBigInt64LE(whole(text, 64))
  return { type: BsonType.int64, payload }
}

function double(text: string): Element {
  const value = Number(text)
  if ((Number.isNaN(value) && text !== 'NaN') || text.trim() === '') throw new SyntaxError(`"${text}" is no number`)
  const payload = Buffer.alloc(8)
  payload.writeDoubleLE(value)
  return { type: BsonType.double, payload }
}

function dbPointer(content: Json): Element {
  const ref = content instanceof JsonObject ? content.get('$ref') : undefined
  const id = content instanceof JsonObject ? content.get('$id') : undefined
  if (typeof ref !== 'string' || !(id instanceof JsonObject)) throw new SyntaxError('a $dbPointer has no $ref and $id')
  return { type: BsonType.dbPointer, payload: Buffer.concat([stringBytes(ref), elementOf(id).payload]) }
}

function codeWithScope(code: Json | undefined, scope: JsonObject): Element {
  if (typeof code !== 'string') throw new SyntaxError('a $code is no string')
  const payload = Buffer.concat([Buffer.alloc(4), stringBytes(code), documentOf(scope)])
  payload.writeInt32LE(payload.length, 0)
  return { type: BsonType.codeWithScope, payload }
}

/** The element that the BSON library makes of one value in Extended JSON. @throws Error when it makes none */
function typedValue(value: unknown): Element {
  const typed: unknown = EJSON.parse(JSON.stringify(value), { relaxed: false })
  const failed = isDocument(typed) || (typed instanceof Date && Number.isNaN(typed.getTime()))
  if (failed) throw new SyntaxError(`${JSON.stringify(value)} is no value of its type`)
  const bytes = serialize({ v: typed }, { ignoreUndefined: false })
  return { type: bytes[4] as number, payload: bytes.subarray(7, bytes.length - 1) }
}

function isDocument(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function plain(value: Json): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof JsonNumber) return Number(value.text)
  if (!(value instanceof JsonObject)) return value
  return Object.fromEntries(value.fields.map(([name, item]) => [name, plain(item)]))
}
