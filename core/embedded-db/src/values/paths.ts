import type { Document } from 'bson'
import { getField, isArrayIndex } from './document.ts'
import { asDocument, bsonType, typeOf } from './types.ts'

/** A test of one value met on a path; undefined stands for a missing value. */
export type ValueTest = (value: unknown) => boolean

function isContainer(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeOf(value) === bsonType.object
}

/**
 * Whether some value at the path passes, with the fan-out of MongoDB's queries (ElementPath): arrays on the way are
 * entered through their embedded documents and by numeric components; `expand` also offers the elements of an array at
 * the end, besides the array itself. A missing value is offered as undefined where a document or scalar lacks the field.
 */
export function compilePath(path: string, expand: boolean): (document: Document, test: ValueTest) => boolean {
  const leaf = expand ? expandLeaf : (value: unknown, test: ValueTest) => test(value)
  if (!path.includes('.')) return (document, test) => leaf(getField(document, path), test)
  const names = path.split('.')
  const indexes = names.map((name) => (isArrayIndex(name) ? Number(name) : -1))
  const last = names.length - 1

  function inDocument(document: Document, at: number, test: ValueTest): boolean {
    const value = getField(document, names[at] as string)
    return at === last ? leaf(value, test) : below(value, at + 1, test)
  }

  function below(value: unknown, at: number, test: ValueTest): boolean {
    if (Array.isArray(value)) return inArray(value, at, test)
    return isContainer(value) ? inDocument(asDocument(value), at, test) : test(undefined)
  }

  function inArray(items: unknown[], at: number, test: ValueTest): boolean {
    for (const item of items) if (isContainer(item) && inDocument(asDocument(item), at, test)) return true
    const index = indexes[at] as number
    if (index < 0 || index >= items.length) return false
    const item = items[index]
    if (at === last) return leaf(item, test)
    return (isContainer(item) || Array.isArray(item)) && below(item, at + 1, test)
  }

  return (document, test) => inDocument(document, 0, test)
}

function expandLeaf(value: unknown, test: ValueTest): boolean {
  if (Array.isArray(value)) for (const item of value) if (test(item)) return true
  return test(value)
}

/**
 * The values that an index or a sort sees at the path: every leaf, array elements one by one. An empty array gives
 * undefined, a missing value null.
 */
export function keyValues(document: Document, names: readonly string[]): unknown[] {
  const values: unknown[] = []
  collect(document, names, 0, values)
  return values
}

function collect(value: unknown, names: readonly string[], at: number, values: unknown[]): void {
  if (at === names.length) {
    if (!Array.isArray(value)) values.push(value === undefined ? null : value)
    else if (value.length === 0) values.push(undefined)
    else for (const item of value as unknown[]) values.push(item)
    return
  }
  const name = names[at] as string
  if (Array.isArray(value)) {
    if (isArrayIndex(name) && Number(name) < value.length) return collect(value[Number(name)], names, at + 1, values)
    if (value.length === 0) values.push(null)
    for (const item of value as unknown[]) {
      if (Array.isArray(item)) values.push(null)
      else collect(item, names, at, values)
    }
    return
  }
  if (isContainer(value)) collect(getField(asDocument(value), name), names, at + 1, values)
  else values.push(null)
}

/**
 * The value of a field path in an aggregation expression: arrays on the way map to the array of what their documents
 * have there; numbers never address array positions; undefined when missing.
 */
export function compileFieldPath(path: string): (value: unknown) => unknown {
  const names = path.split('.')
  const [first = ''] = names
  if (names.length === 1)
    return (value) => (isContainer(value) ? getField(asDocument(value), first) : fieldOf(value, names, 0))
  return (value) => fieldOf(value, names, 0)
}

function fieldOf(value: unknown, names: readonly string[], at: number): unknown {
  if (at === names.length) return value
  if (Array.isArray(value)) {
    const found: unknown[] = []
    for (const item of value) {
      if (!isContainer(item) && !Array.isArray(item)) continue
      const inner = fieldOf(item, names, at)
      if (inner !== undefined) found.push(inner)
    }
    return found
  }
  return isContainer(value) ? fieldOf(getField(asDocument(value), names[at] as string), names, at + 1) : undefined
}

/** The value at a dotted path through embedded documents and array positions only, without fan-out. */
export function valueAt(document: unknown, names: readonly string[]): unknown {
  let value: unknown = document
  for (const name of names) {
    if (Array.isArray(value)) value = isArrayIndex(name) ? (value as unknown[])[Number(name)] : undefined
    else if (isContainer(value)) value = getField(asDocument(value), name)
    else return undefined
  }
  return value
}
