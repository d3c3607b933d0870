import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { elementTest } from '../match/array.ts'
import type { MatchContext } from '../match/predicate.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { compilePositions } from '../update/positional.ts'
import type { Leaf } from './tree.ts'

function integer(value: unknown): number | undefined {
  const number = isNumeric(value) ? Math.trunc(toNumber(value)) : Number.NaN
  return Number.isNaN(number) ? undefined : number
}

/** `{ $slice: n }` or `{ $slice: [skip, limit] }`; undefined when the operand is the aggregation operator's. */
export function sliceLeaf(operand: unknown): Leaf | undefined {
  const bounds: unknown[] = Array.isArray(operand) ? operand : [operand]
  const [first, second] = bounds.map(integer)
  if (first === undefined || bounds.length > 2 || (bounds.length === 2 && second === undefined)) return undefined
  if (second !== undefined && second <= 0)
    throw new CommandError(28724, 'Location28724', '$slice limit must be positive')
  const cut = (items: unknown[]): unknown[] => {
    if (second === undefined) return first < 0 ? items.slice(first) : items.slice(0, first)
    const start = first < 0 ? Math.max(items.length + first, 0) : first
    return items.slice(start, start + second)
  }
  return { kind: 'rewrite', rewrite: (value) => (Array.isArray(value) ? cut(value as unknown[]) : value) }
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

/** The element that the query matched, as an array of one. Error: 51246 when the query matched none. */
export function positionalLeaf(path: string, filter: Document, context: MatchContext): Leaf {
  const names = path.split('.')
  const positions = compilePositions(filter, context)
  return {
    kind: 'rewrite',
    rewrite: (value, root) => {
      if (!Array.isArray(value)) return value
      const at = positions(root, names)
      if (at === undefined || at >= value.length)
        throw new CommandError(
          51246,
          'Location51246',
          `positional operator '.$' couldn't find a matching element in the array`,
        )
      return [(value as unknown[])[at]]
    },
  }
}
