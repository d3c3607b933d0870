import type { Document } from 'bson'
import type { Collator } from '../../values/collation.ts'
import { hashKey } from '../../values/hash-key.ts'
import { getField } from '../../values/document.ts'
import { compilePath } from '../../values/paths.ts'
import { mapSliced } from '../pacer.ts'
import type { Rests } from '../pacer.ts'
import { asDocument, bsonType, isObject, typeOf } from '../../values/types.ts'

/** The values by which a document joins: each element of an array at the path's end, null for a missing field. */
export function localKeys(path: string): (document: Document) => unknown[] {
  const names = path.split('.')
  return (document) => {
    const keys: unknown[] = []
    collectKeys(document, names, 0, keys)
    return keys
  }
}

function collectKeys(value: unknown, names: readonly string[], at: number, keys: unknown[]): void {
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (at === names.length) keys.push(item ?? null)
      else if (isObject(item)) collectKeys(item, names, at, keys)
    }
  } else if (at === names.length) keys.push(value ?? null)
  else if (isObject(value)) collectKeys(getField(asDocument(value), names[at] as string), names, at + 1, keys)
  else keys.push(null)
}

/** The filter of foreign documents with one of the values; regular expressions are compared, not searched for. */
export function joinFilter(path: string, keys: readonly unknown[]): Document {
  const regexes = keys.filter((key) => typeOf(key) === bsonType.regex)
  const values = [
    ...new Map(keys.filter((key) => typeOf(key) !== bsonType.regex).map((key) => [hashKey(key), key])).values(),
  ]
  const [only] = values
  const membership = { [path]: values.length === 1 ? { $eq: only } : { $in: values } }
  return regexes.length === 0
    ? membership
    : { $or: [membership, ...regexes.map((regex) => ({ [path]: { $eq: regex } }))] }
}

/** The positions of the foreign documents by each value they have at the path; null stands for a missing one too. */
export async function groupByForeign(
  documents: readonly Document[],
  path: string,
  collator: Collator | undefined,
  pacer: Rests,
): Promise<Map<string, number[]>> {
  const visit = compilePath(path, true)
  const index = new Map<string, number[]>()
  const enter = (document: Document, at: number): void => {
    const keys = new Set<string>()
    visit(document, (value) => {
      keys.add(hashKey(value ?? null, collator))
      return false
    })
    for (const key of keys) {
      const list = index.get(key)
      if (list) list.push(at)
      else index.set(key, [at])
    }
  }
  await mapSliced(documents, enter, pacer)
  return index
}

/** The foreign documents for the values of one local document, in their own order and each once. */
export function pickForeign(
  documents: readonly Document[],
  index: ReadonlyMap<string, number[]>,
  keys: readonly unknown[],
  collator: Collator | undefined,
): Document[] {
  const [key] = keys
  if (keys.length === 1) return (index.get(hashKey(key, collator)) ?? []).map((at) => documents[at] as Document)
  const positions = new Set(keys.flatMap((each) => index.get(hashKey(each, collator)) ?? []))
  return [...positions].sort((a, b) => a - b).map((at) => documents[at] as Document)
}
