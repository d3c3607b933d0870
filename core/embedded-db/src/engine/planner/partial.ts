import { isDeepStrictEqual } from 'node:util'
import type { Document } from 'bson'
import { extractPredicates } from '../../match/bounds.ts'
import type { PathPredicate } from '../../match/bounds.ts'
import { compareValues } from '../../values/compare.ts'

function impliesExists(predicate: PathPredicate): boolean {
  return (
    predicate.kind === 'exists' ||
    predicate.kind === 'eq' ||
    predicate.kind === 'range' ||
    predicate.kind === 'prefix' ||
    (predicate.kind === 'in' && !predicate.hasNull)
  )
}

/** Whether every value that passes `given` passes `needed`, on one path. */
function implies(given: PathPredicate, needed: PathPredicate): boolean {
  if (given.path !== needed.path) return false
  if (needed.kind === 'exists') return impliesExists(given)
  if (needed.kind === 'null') return given.kind === 'null'
  const values = given.kind === 'eq' ? [given.value] : given.kind === 'in' && !given.hasNull ? given.values : undefined
  if (needed.kind === 'eq') return values?.every((value) => compareValues(value, needed.value) === 0) ?? false
  if (needed.kind === 'in')
    return values?.every((value) => needed.values.some((other) => compareValues(value, other) === 0)) ?? false
  if (needed.kind !== 'range') return false
  if (values) return values.every((value) => insideRange(value, needed))
  return given.kind === 'range' && given.bracket === needed.bracket && rangeInside(given, needed)
}

type RangePredicate = PathPredicate & { kind: 'range' }

function insideRange(value: unknown, range: RangePredicate): boolean {
  const low = range.lo === undefined ? 1 : compareValues(value, range.lo)
  const high = range.hi === undefined ? -1 : compareValues(value, range.hi)
  const bracketed = (range.lo ?? range.hi) !== undefined && typeof value === typeof (range.lo ?? range.hi)
  return bracketed && (low > 0 || (low === 0 && range.loInclusive)) && (high < 0 || (high === 0 && range.hiInclusive))
}

function rangeInside(inner: RangePredicate, outer: RangePredicate): boolean {
  if (outer.lo !== undefined) {
    if (inner.lo === undefined) return false
    const order = compareValues(inner.lo, outer.lo)
    if (order < 0 || (order === 0 && inner.loInclusive && !outer.loInclusive)) return false
  }
  if (outer.hi !== undefined) {
    if (inner.hi === undefined) return false
    const order = compareValues(inner.hi, outer.hi)
    if (order > 0 || (order === 0 && inner.hiInclusive && !outer.hiInclusive)) return false
  }
  return true
}

/** How many conditions a simple filter has; undefined when some of it is not simple. */
export function conditionCount(filter: Document): number | undefined {
  let count = 0
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and') {
      for (const branch of operand as Document[]) {
        const inner = conditionCount(branch)
        if (inner === undefined) return undefined
        count += inner
      }
    } else if (name.startsWith('$')) return undefined
    else count += isOperators(operand) ? Object.keys(operand as Document).length : 1
  }
  return count
}

function isOperators(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.keys(value)[0]?.startsWith('$') === true
  )
}

/** Whether every document that matches `filter` is in a partial index: each clause of the index's filter is implied or repeated. */
export function coversPartial(filter: Document, predicates: readonly PathPredicate[], partial: Document): boolean {
  return Object.entries(partial).every(([name, operand]) => {
    if (isDeepStrictEqual(filter[name], operand)) return true
    if (name === '$and') return (operand as Document[]).every((branch) => coversPartial(filter, predicates, branch))
    if (name === '$or') return (operand as Document[]).some((branch) => coversPartial(filter, predicates, branch))
    const needed = extractPredicates({ [name]: operand as unknown })
    return (
      needed.length > 0 &&
      needed.length === conditionCount({ [name]: operand as unknown }) &&
      needed.every((need) => predicates.some((given) => implies(given, need)))
    )
  })
}
