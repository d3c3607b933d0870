import { Int32 } from 'bson'
import type { Document } from 'bson'
import { BsonWriter, RawValue } from '../bson/writer.ts'
import { identical } from '../values/compare.ts'
import { isObject } from '../values/types.ts'

/**
 * What an update changed, as change streams tell it: dotted paths with new values, removed paths, arrays cut short. What
 * update operators `touched` is told as they wrote it, whole; without them arrays are compared element by element when
 * they grew or kept their length, and as cut when only their end is gone.
 */
export function describeChange(before: Document, after: Document, touched?: readonly (readonly string[])[]): Document {
  const change: Change = {
    updated: new BsonWriter(),
    description: { removedFields: [], truncatedArrays: [], disambiguatedPaths: {} },
    touched: touched && new Set(touched.map((path) => path.join('\0'))),
  }
  const start = change.updated.open()
  compareFields(before, after, [], change)
  change.updated.close(start)
  return { updatedFields: new RawValue(change.updated.finish()), ...change.description }
}

interface Change {
  /** The updated fields, written as they come: hundreds of thousands of names would make a slow object. */
  updated: BsonWriter
  description: {
    removedFields: string[]
    truncatedArrays: Document[]
    disambiguatedPaths: Document
  }
  touched: ReadonlySet<string> | undefined
}
type Path = (string | number)[]

function isAmbiguous(path: Path): boolean {
  return path.some((name) => typeof name === 'string' && (name.includes('.') || /^\d+$/.test(name)))
}

function note(change: Change, path: Path): string {
  const dotted = path.join('.')
  if (isAmbiguous(path))
    change.description.disambiguatedPaths[dotted] = path.map((name) =>
      typeof name === 'number' ? new Int32(name) : name,
    )
  return dotted
}

function compareFields(before: Document, after: Document, path: Path, change: Change): void {
  for (const name of Object.keys(before))
    if (!Object.hasOwn(after, name)) change.description.removedFields.push(note(change, [...path, name]))
  for (const name of Object.keys(after)) {
    if (!Object.hasOwn(before, name)) set(change, [...path, name], after[name])
    else compareValue(before[name], after[name], [...path, name], change)
  }
}

function set(change: Change, path: Path, value: unknown): void {
  change.updated.field(note(change, path), value)
}

function compareValue(before: unknown, after: unknown, path: Path, change: Change): void {
  if (before === after || identical(before, after)) return
  if (change.touched?.has(path.join('\0'))) return set(change, path, after)
  if (Array.isArray(before) && Array.isArray(after)) compareArrays(before, after, path, change)
  else if (isObject(before) && isObject(after)) compareFields(before, after, path, change)
  else set(change, path, after)
}

function compareArrays(before: unknown[], after: unknown[], path: Path, change: Change): void {
  const shared = Math.min(before.length, after.length)
  if (!change.touched && mostDiffer(before, after, shared)) return set(change, path, after)
  for (let i = 0; i < shared; i++) if (before[i] !== after[i]) compareValue(before[i], after[i], [...path, i], change)
  if (isAmbiguous(path)) for (let i = shared; i < after.length; i++) set(change, [...path, i], after[i])
  else {
    const name = path.join('.')
    for (let i = shared; i < after.length; i++) change.updated.field(`${name}.${i}`, after[i])
  }
  if (after.length < before.length)
    change.description.truncatedArrays.push({ field: note(change, path), newSize: new Int32(after.length) })
}

function mostDiffer(before: readonly unknown[], after: readonly unknown[], shared: number): boolean {
  let differing = 0
  for (let i = 0; i < shared; i++) if (!identical(before[i], after[i])) differing++
  return shared === 0 || differing > shared / 2
}
