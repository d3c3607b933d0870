import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { indexFieldValues, isEmptyArrayMark } from '../keys/index-fields.ts'
import type { Collator } from './collation.ts'
import { compareValues } from './compare.ts'
import { describe, getField, isArrayIndex } from './document.ts'
import { isNumeric, toNumber } from './number.ts'
import { keyValues } from './paths.ts'
import { asDocument, isObject } from './types.ts'

/** A compiled sort pattern: take each document's key once with keyOf and order the keys with compareKeys. */
export interface Sorter {
  keyOf(document: Document): unknown[]
  compareKeys(a: readonly unknown[], b: readonly unknown[]): number
}

function direction(path: string, value: unknown): 1 | -1 {
  if (isObject(value)) {
    throw '$meta' in value
      ? notImplemented('sorting by $meta')
      : new CommandError(17312, 'Location17312', '$meta is the only expression supported by $sort right now')
  }
  if (!isNumeric(value))
    throw new CommandError(15974, 'Location15974', `Illegal key in $sort specification: ${path}: ${describe(value)}`)
  const number = toNumber(value)
  if (number !== 1 && number !== -1)
    throw new CommandError(
      15975,
      'Location15975',
      '$sort key ordering must be 1 (for ascending) or -1 (for descending)',
    )
  return number
}

/**
 * The keys along a path with numbers: what a position names is one key, even an array.
 * @throws CommandError 16746 where a number is a position and also a field of an element
 */
function sortedByPosition(value: unknown, names: readonly string[]): unknown[] {
  const [name, ...rest] = names as [string, ...string[]]
  if (!Array.isArray(value)) {
    const next = isObject(value) ? getField(asDocument(value), name) : undefined
    return rest.length === 0 ? keyValues({ next }, ['next']) : sortedByPosition(next, rest)
  }
  const items = value as unknown[]
  if (!isArrayIndex(name) || Number(name) >= items.length)
    return items.length === 0
      ? [null]
      : items.flatMap((item) => (Array.isArray(item) ? [null] : sortedByPosition(item, names)))
  if (items.some((item) => isObject(item) && getField(asDocument(item), name) !== undefined))
    throw new CommandError(
      16746,
      'Location16746',
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${name}'`,
    )
  const item = items[Number(name)]
  return rest.length === 0 ? [item ?? null] : sortedByPosition(item, rest)
}

/** Ascending takes the smallest element of an array, descending the largest; an empty array sorts before null. */
function compileKey(path: string, order: 1 | -1, collator: Collator | undefined): (document: Document) => unknown {
  const names = path.split('.')
  const simple = names.length === 1
  const positionals = names.slice(1).some(isArrayIndex)
  return (document) => {
    if (simple) {
      const value = getField(document, path)
      if (!Array.isArray(value)) return value === undefined ? null : value
    }
    const values = positionals ? sortedByPosition(document, names) : keyValues(document, names)
    let best = values[0]
    for (let i = 1; i < values.length; i++) if (compareValues(values[i], best, collator) * order < 0) best = values[i]
    return best
  }
}

/** Compiles a sort pattern `{ path: 1 | -1, … }`. Errors: 15975, 15974 and 17312 for a bad direction, 40352, 40353, 15998 and 16410 for a bad path. */
export function compileSorter(spec: Document, collator?: Collator): Sorter {
  const parts = Object.entries(spec).map(([path, value]) => {
    if (path === '') throw new CommandError(40352, 'Location40352', 'FieldPath cannot be constructed with empty string')
    if (path.endsWith('.')) throw new CommandError(40353, 'Location40353', "FieldPath must not end with a '.'.")
    if (path.split('.').includes(''))
      throw new CommandError(15998, 'Location15998', 'FieldPath field names may not be empty strings.')
    if (path.startsWith('$'))
      throw new CommandError(
        16410,
        'Location16410',
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      )
    const order = direction(path, value)
    return { order, key: compileKey(path, order, collator) }
  })
  const orders = parts.map((part) => part.order)
  const compareKeys = (a: readonly unknown[], b: readonly unknown[]): number => {
    for (let i = 0; i < orders.length; i++) {
      const order = compareValues(a[i], b[i], collator)
      if (order !== 0) return order * (orders[i] as number)
    }
    return 0
  }
  const paths = Object.keys(spec).map((path) => path.split('.'))
  const apart = paths.length === 1 || paths.some((names) => names.slice(1).some(isArrayIndex))
  const first = (best: unknown[], tuple: unknown[]): unknown[] => (compareKeys(tuple, best) < 0 ? tuple : best)
  return {
    keyOf: (document) => (apart ? parts.map((part) => part.key(document)) : sortTuples(document, paths).reduce(first)),
    compareKeys,
  }
}

/**
 * The keys under which a document could stand in an order by several fields: those of one element of an array belong together.
 * @throws CommandError 2 when two of the fields lead to different arrays
 */
function sortTuples(document: Document, paths: readonly (readonly string[])[]): unknown[][] {
  try {
    return indexFieldValues(document, paths).tuples.map((tuple) =>
      tuple.map((value) => (value === undefined ? null : isEmptyArrayMark(value) ? undefined : value)),
    )
  } catch (error) {
    if (error instanceof CommandError && error.code === 171)
      throw new CommandError(2, 'BadValue', 'cannot sort with keys that are parallel arrays')
    throw error
  }
}

/** A comparison of documents by a sort pattern; prefer compileSorter when each document is compared more than once. */
export function compileSort(spec: Document, collator?: Collator): (a: Document, b: Document) => number {
  const sorter = compileSorter(spec, collator)
  return (a, b) => sorter.compareKeys(sorter.keyOf(a), sorter.keyOf(b))
}
