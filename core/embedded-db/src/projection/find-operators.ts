import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { elementTest } from '../match/array.ts'
import type { MatchContext } from '../match/predicate.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { getField, setField } from '../values/document.ts'
import { asDocument, isObject } from '../values/types.ts'
import { compilePositions } from '../update/positional.ts'
import type { Leaf } from './tree.ts'

function integer(value: unknown): number | undefined {
  const number = isNumeric(value) ? Math.trunc(toNumber(value)) : Number.NaN
  return Number.isNaN(number) ? undefined : number
}

type Cut = (items: unknown[]) => unknown[]

/** `{ $slice: n }` or `{ $slice: [skip, limit] }`; undefined when the operand is the aggregation operator's. */
export function compileSlice(operand: unknown): Cut | undefined {
  const bounds: unknown[] = Array.isArray(operand) ? operand : [operand]
  const [first, second] = bounds.map(integer)
  if (first === undefined || bounds.length > 2 || (bounds.length === 2 && second === undefined)) return undefined
  if (second !== undefined && second <= 0)
    throw new CommandError(28724, 'Location28724', '$slice limit must be positive')
  return (items) => {
    if (second === undefined) return first < 0 ? items.slice(first) : items.slice(0, first)
    const start = first < 0 ? Math.max(items.length + first, 0) : first
    return items.slice(start, start + second)
  }
}

/** What find does to a document once it is projected. */
export type Finish = (projected: Document, original: Document) => Document

function replaceField(document: Document, name: string, change: (value: unknown) => unknown): Document {
  const value = getField(document, name)
  const next = value === undefined ? undefined : change(value)
  if (next === value) return document
  const copy = { ...document }
  setField(copy, name, next)
  return copy
}

/** Cuts the arrays at the path; arrays on the way are entered, arrays in them are not. */
export function sliceAt(path: string, cut: Cut): Finish {
  const names = path.split('.')
  const within = (document: Document, at: number): Document =>
    replaceField(document, names[at] as string, (value) => {
      if (at + 1 === names.length) return Array.isArray(value) ? cut(value as unknown[]) : value
      const entered = (item: unknown): unknown => (isObject(item) ? within(asDocument(item), at + 1) : item)
      return Array.isArray(value) ? (value as unknown[]).map(entered) : entered(value)
    })
  return (projected) => within(projected, 0)
}

/** The first element of an array that matches, as an array of one. */
export function elemMatchLeaf(operand: unknown, path: string, context: MatchContext): Leaf {
  if (!isObject(operand)) throw new CommandError(31274, 'Location31274', `elemMatch: Invalid argument, object required`)
  if (path.includes('.'))
    throw new CommandError(31275, 'Location31275', 'Cannot use $elemMatch projection on a nested field.')
  const test = elementTest(operand, context)
  return {
    kind: 'rewrite',
    rewrite: (value) => {
      const found = Array.isArray(value) ? (value as unknown[]).findIndex(test) : -1
      return found < 0 ? undefined : [(value as unknown[])[found]]
    },
  }
}

/** Leaves of the first array on the path the element that the query matched. Errors: 51246 when it matched none, 51247 past the end. */
export function elementAt(path: string, filter: Document, context: MatchContext): Finish {
  const names = path.split('.')
  const positions = compilePositions(filter, context)
  const pick = (items: unknown[], at: number | undefined): unknown[] => {
    if (at === undefined)
      throw new CommandError(
        51246,
        'Location51246',
        `positional operator '.$' couldn't find a matching element in the array`,
      )
    if (at >= items.length) throw new CommandError(51247, 'Location51247', `positional operator '.$' element mismatch`)
    return [items[at]]
  }
  return (projected, original) => {
    const within = (document: Document, depth: number): Document =>
      replaceField(document, names[depth - 1] as string, (value) => {
        if (Array.isArray(value)) return pick(value as unknown[], positions(original, names.slice(0, depth)))
        return isObject(value) && depth < names.length ? within(asDocument(value), depth + 1) : value
      })
    return within(projected, 1)
  }
}
