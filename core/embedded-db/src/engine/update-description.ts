import { Int32 } from 'bson'
import type { Document } from 'bson'
import { identical } from '../values/compare.ts'
import { isObject } from '../values/types.ts'

/**
 * What an update changed, as change streams tell it: dotted paths with new values, removed paths, arrays cut short.
 * Arrays are compared element by element when they grew or kept their length, and as cut when only their end is gone.
 */
export function describeChange(before: Document, after: Document): Document {
  const change = {
    updatedFields: {} as Document,
    removedFields: [] as string[],
    truncatedArrays: [] as Document[],
    disambiguatedPaths: {} as Document,
  }
  compareFields(before, after, [], change)
  return change
}

type Change = ReturnType<typeof describeChange>
type Path = (string | number)[]

function note(change: Change, path: Path): string {
  const dotted = path.join('.')
  const ambiguous = path.some((name) => typeof name === 'string' && (name.includes('.') || /^\d+$/.test(name)))
  if (ambiguous)
    (change.disambiguatedPaths as Document)[dotted] = path.map((name) =>
      typeof name === 'number' ? new Int32(name) : name,
    )
  return dotted
}

function compareFields(before: Document, after: Document, path: Path, change: Change): void {
  for (const name of Object.keys(before))
    if (!Object.hasOwn(after, name)) (change.removedFields as string[]).push(note(change, [...path, name]))
  for (const name of Object.keys(after)) {
    if (!Object.hasOwn(before, name)) set(change, [...path, name], after[name])
    else compareValue(before[name], after[name], [...path, name], change)
  }
}

function set(change: Change, path: Path, value: unknown): void {
  const updated = change.updatedFields as Document
  updated[note(change, path)] = value
}

function compareValue(before: unknown, after: unknown, path: Path, change: Change): void {
  if (identical(before, after)) return
  if (Array.isArray(before) && Array.isArray(after)) compareArrays(before, after, path, change)
  else if (isObject(before) && isObject(after)) compareFields(before, after, path, change)
  else set(change, path, after)
}

function compareArrays(before: unknown[], after: unknown[], path: Path, change: Change): void {
  const shared = Math.min(before.length, after.length)
  let differing = 0
  for (let i = 0; i < shared; i++) if (!identical(before[i], after[i])) differing++
  if (shared === 0 || differing > shared / 2) return set(change, path, after)
  for (let i = 0; i < shared; i++) compareValue(before[i], after[i], [...path, i], change)
  for (let i = shared; i < after.length; i++) set(change, [...path, i], after[i])
  if (after.length < before.length)
    (change.truncatedArrays as Document[]).push({ field: note(change, path), newSize: new Int32(after.length) })
}
