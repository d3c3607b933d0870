import { deserialize, type Document, EJSON, serialize } from 'bson'

/** A document as the engine reads it from storage or the wire: typed wrappers, no promotion. For specs. */
export function typed(document: Document): Document {
  return deserialize(serialize(document), { promoteValues: false, bsonRegExp: true })
}

/** A value as the engine reads it. */
export function typedValue(value: unknown): unknown {
  return typed({ value }).value
}

/** A text that shows types, as {"$numberInt":"1"}. */
export function canonical(value: unknown): string {
  return value === undefined ? 'missing' : EJSON.stringify({ value }, { relaxed: false }).slice('{"value":'.length, -1)
}

/** A short text for tables: plain JSON, with types only where JSON has none. */
export function relaxed(value: unknown): string {
  return value === undefined ? 'missing' : EJSON.stringify({ value }, { relaxed: true }).slice('{"value":'.length, -1)
}
