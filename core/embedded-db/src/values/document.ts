import type { Document } from 'bson'
import { asDocument, bsonType, typeOf } from './types.ts'

/** Assigns a field; '__proto__' is a field name like any other in BSON. */
export function setField(target: Document, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  else target[name] = value
}

/** Reads an own field; names such as 'constructor' must not reach the prototype. */
export function getField(source: Document, name: string): unknown {
  const value: unknown = source[name]
  if (value === undefined) return undefined
  return typeof value === 'function' || name === '__proto__' ? (Object.hasOwn(source, name) ? value : undefined) : value
}

/** Whether a path component may address an array position. */
export function isArrayIndex(name: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(name)
}

/** A short rendering of a value for error messages, in the style of the mongo shell. */
export function describe(value: unknown): string {
  switch (typeOf(value)) {
    case bsonType.missing:
      return 'missing'
    case bsonType.null:
      return 'null'
    case bsonType.string:
      return JSON.stringify(value)
    case bsonType.array:
      return `[ ${(value as unknown[]).map(describe).join(', ')} ]`
    case bsonType.object: {
      const entries = Object.entries(asDocument(value as Document))
      return entries.length === 0
        ? '{}'
        : `{ ${entries.map(([name, item]) => `${name}: ${describe(item)}`).join(', ')} }`
    }
    case bsonType.objectId:
      return `ObjectId('${String(value)}')`
    case bsonType.date:
      return `new Date(${(value as Date).getTime()})`
    case bsonType.double:
      return Number.isInteger(Number(value)) ? Number(value).toFixed(1) : String(value)
    case bsonType.regex:
      return `/${String((value as { pattern?: string }).pattern ?? value)}/`
    default:
      return String(value)
  }
}
