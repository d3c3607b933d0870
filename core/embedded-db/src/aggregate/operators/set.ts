import type { Collator } from '../../values/collation.ts'
import { compareValues } from '../../values/compare.ts'
import { hashKey } from '../../values/hash-key.ts'
import { isTruthy } from '../../values/truthy.ts'
import { typeName } from '../../values/types.ts'
import { binary, fail, isNullish, type OperatorTable, unary, variadic } from './define.ts'

type Keyed = Map<string, unknown>

function keyed(items: readonly unknown[], collator: Collator | undefined): Keyed {
  const map: Keyed = new Map()
  for (const item of items) {
    const key = hashKey(item, collator)
    if (!map.has(key)) map.set(key, item)
  }
  return map
}

function requireArray(name: string, code: number, value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw fail(code, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`)
  return value as unknown[]
}

/** Results come sorted: MongoDB leaves the order open, and sorted is what its documentation shows. */
function sorted(map: Keyed, collator: Collator | undefined): unknown[] {
  return [...map.values()].sort((a, b) => compareValues(a, b, collator))
}

function union(values: unknown[], collator: Collator | undefined): unknown {
  if (values.some(isNullish)) return null
  return sorted(
    keyed(
      values.flatMap((value) => requireArray('$setUnion', 17043, value)),
      collator,
    ),
    collator,
  )
}

function intersection(values: unknown[], collator: Collator | undefined): unknown {
  if (values.some(isNullish)) return null
  const [first, ...rest] = values.map((value) => keyed(requireArray('$setIntersection', 17047, value), collator))
  if (!first) return []
  for (const key of [...first.keys()]) if (!rest.every((other) => other.has(key))) first.delete(key)
  return sorted(first, collator)
}

function difference(a: unknown, b: unknown, collator: Collator | undefined): unknown {
  if (isNullish(a) || isNullish(b)) return null
  const result = keyed(requireArray('$setDifference', 17048, a), collator)
  for (const key of keyed(requireArray('$setDifference', 17049, b), collator).keys()) result.delete(key)
  return [...result.values()]
}

function equals(values: unknown[], collator: Collator | undefined): boolean {
  if (values.length < 2) throw fail(17045, `$setEquals needs at least two arguments had: ${values.length}`)
  const [first, ...rest] = values.map((value) => keyed(requireArray('$setEquals', 17044, value), collator)) as [
    Keyed,
    ...Keyed[],
  ]
  return rest.every((other) => other.size === first.size && [...other.keys()].every((key) => first.has(key)))
}

function isSubset(a: unknown, b: unknown, collator: Collator | undefined): boolean {
  const other = keyed(requireArray('$setIsSubset', 17042, b), collator)
  return [...keyed(requireArray('$setIsSubset', 17046, a), collator).keys()].every((key) => other.has(key))
}

function elements(name: string, code: number, judge: (items: unknown[]) => boolean) {
  return unary((value) => {
    if (!Array.isArray(value)) throw fail(code, `${name}'s argument must be an array, but is ${typeName(value)}`)
    return judge(value as unknown[])
  })
}

export const setOperators: OperatorTable = {
  $setUnion: variadic(0, Infinity, union),
  $setIntersection: variadic(0, Infinity, intersection),
  $setDifference: binary(difference),
  $setEquals: variadic(0, Infinity, equals),
  $setIsSubset: binary(isSubset),
  $allElementsTrue: elements('$allElementsTrue', 17040, (items) => items.every(isTruthy)),
  $anyElementTrue: elements('$anyElementTrue', 17041, (items) => items.some(isTruthy)),
}
