import type { Document } from 'bson'
import type { Collator } from '../../values/collation.ts'
import { hashKey } from '../../values/hash-key.ts'
import { getField } from '../../values/document.ts'
import { compilePath } from '../../values/paths.ts'
import { mapSliced } from '../pacer.ts'
import type { Rests } from '../pacer.ts'
import { asDocument, bsonType, isObject, typeOf } from '../../values/types.ts'

/** The values at the end of a path, the elements of an array there one by one. */
export function valuesAt(path: string): (document: Document) => unknown[] {
  const names = path.split('.')
  return (document) => {
    const values: unknown[] = []
    collectValues(document, names, values)
    return values
  }
}

/** The values by which a document joins: null where there is none at all, not even in an empty array. */
export function localKeys(path: string): (document: Document) => unknown[] {
  const read = valuesAt(path)
  return (document) => {
    const values = read(document)
    return values.length === 0 ? [null] : values
  }
}

function collectValues(document: Document, [name, ...rest]: readonly string[], values: unknown[]): void {
  let value: unknown = getField(document, name as string)
  let names = rest
  // A number is a position in an array, and a name in a document.
  while (Array.isArray(value) && /^\d+$/.test(names[0] ?? '')) {
    value = value[Number(names[0])]
    names = names.slice(1)
  }
  const items = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]
  for (const item of items)
    if (names.length === 0) values.push(item ?? null)
    else if (isObject(item)) collectValues(asDocument(item), names, values)
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
