import type { Document } from 'bson'
import { add } from '../../values/arithmetic.ts'
import { compareValues, typeBracket } from '../../values/compare.ts'
import { isNumeric, type NumericValue, toNumber } from '../../values/number.ts'
import { isObject } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import { addUnits, type TimeUnit, timeUnit } from '../operators/date-units.ts'
import { fail } from '../operators/define.ts'
import { utc } from '../operators/zone.ts'
import type { Scope } from '../scope.ts'
import type { Partition, Window } from './partition.ts'

type Bound = 'unbounded' | 'current' | NumericValue

export interface CompiledWindow {
  window: Window
  /** Whether it begins with the partition, so that a running state serves. */
  fromStart: boolean
  whole: boolean
}

function bound(given: unknown, scope: Scope, check: (value: unknown) => NumericValue): Bound {
  if (given === 'unbounded' || given === 'current') return given
  if (typeof given === 'string') throw fail(9, "Window bounds must be 'unbounded', 'current', or a number.")
  const known = constantOf(scope.compile(given, scope))
  if (!known) throw fail(9, 'Window bounds expression must be a constant.')
  return check(known.value)
}

/** Both bounds, of which the lower must not exceed the upper; 'current' counts as 0 for that. */
function bounds(pair: unknown, scope: Scope, check: (value: unknown) => NumericValue): [Bound, Bound] {
  if (!Array.isArray(pair) || pair.length !== 2) throw fail(9, 'Window bounds must be a 2-element array')
  const [low, high] = (pair as unknown[]).map((each) => bound(each, scope, check)) as [Bound, Bound]
  const [from, to] = [low, high].map((each) => (each === 'current' ? 0 : each)) as [Bound, Bound]
  if (from !== 'unbounded' && to !== 'unbounded' && compareValues(from, to) > 0)
    throw fail(5339900, `Lower bound must not exceed upper bound: [${String(low)}, ${String(high)}]`)
  return [low, high]
}

function integer(message: string): (value: unknown) => NumericValue {
  return (value) => {
    if (!isNumeric(value) || !Number.isInteger(toNumber(value))) throw fail(9, message)
    return value
  }
}

function documentWindow([low, high]: [Bound, Bound]): Window {
  const offset = (value: Bound, unbounded: number): number =>
    value === 'unbounded' ? unbounded : value === 'current' ? 0 : toNumber(value)
  const [from, to] = [offset(low, -Infinity), offset(high, Infinity)]
  return ({ documents }, at) => {
    const start = Math.min(Math.max(at + from, 0), documents.length)
    return [start, Math.max(Math.min(at + to + 1, documents.length), start)]
  }
}

/** The first position whose sort value is not below (or, with `after`, above) the target. */
function search(values: readonly unknown[], target: unknown, after: boolean): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    const order = compareValues(values[middle], target)
    if (order < 0 || (after && order === 0)) low = middle + 1
    else high = middle
  }
  return low
}

function checkRangeValue(value: unknown, unit: TimeUnit | undefined): void {
  if (unit) {
    if (!(value instanceof Date)) throw fail(5429513, 'Invalid range: Expected the sortBy field to be a Date')
    return
  }
  if (value instanceof Date)
    throw fail(5429413, 'Invalid range: For windows that involve date or time ranges, a unit must be provided.')
  if (!isNumeric(value)) throw fail(5429414, 'Invalid range: Expected the sortBy field to be a number')
}

/** 'current' is the document itself, where 0 is also what has the same sort value. */
function rangeWindow([low, high]: [Bound, Bound], unit: TimeUnit | undefined): Window {
  const shifted = (value: unknown, by: NumericValue): unknown =>
    unit ? new Date(addUnits((value as Date).getTime(), unit, toNumber(by), utc)) : add(value as NumericValue, by)
  return ({ sortValues }: Partition, at) => {
    const current = sortValues[at]
    checkRangeValue(current, unit)
    const bracket = typeBracket(current)
    let start = 0
    let end = sortValues.length
    if (low === 'current') start = at
    else if (low !== 'unbounded') start = search(sortValues, shifted(current, low), false)
    if (high === 'current') end = at + 1
    else if (high !== 'unbounded') end = search(sortValues, shifted(current, high), true)
    while (start < end && typeBracket(sortValues[start]) !== bracket) start++
    return [start, Math.max(end, start)]
  }
}

function compileDocuments(spec: Document, sortFields: number, scope: Scope): CompiledWindow {
  if (Object.keys(spec).length > 1) throw fail(9, "'window' field that specifies documents cannot have other fields")
  const pair = bounds(spec.documents, scope, integer('Numeric document-based bounds must be an integer'))
  const whole = pair[0] === 'unbounded' && pair[1] === 'unbounded'
  if (!whole && sortFields === 0) throw fail(5339901, 'Document-based bounds require a sortBy')
  return { window: documentWindow(pair), fromStart: pair[0] === 'unbounded', whole }
}

function compileRange(spec: Document, sortBy: Document, scope: Scope): CompiledWindow {
  const timed = 'unit' in spec
  if (Object.keys(spec).length > (timed ? 2 : 1))
    throw fail(9, "'window' field that specifies range cannot have other fields besides 'unit'")
  if (timed && typeof spec.unit !== 'string') throw fail(9, "'unit' must be a string")
  const numeric = (value: unknown): NumericValue => {
    if (!isNumeric(value)) throw fail(9, 'Range-based bounds expression must be a number')
    return value
  }
  const check = timed ? integer("With 'unit', range-based bounds must be an integer") : numeric
  const pair = bounds(spec.range, scope, check)
  const unit = timed ? timeUnit(spec.unit, 9, 9) : undefined
  const [order, ...more]: unknown[] = Object.values(sortBy)
  if (order === undefined || more.length > 0) throw fail(5339902, 'Range-based bounds require sortBy a single field')
  if (isNumeric(order) && toNumber(order) < 0) throw fail(8947401, 'Range-based bounds require an ascending sortBy')
  const [fromStart, toEnd] = pair.map((each) => each === 'unbounded') as [boolean, boolean]
  return { window: rangeWindow(pair, unit), fromStart, whole: fromStart && toEnd }
}

/** Compiles `window`; absent, it is the whole partition. Errors: 9, 5339900 to 5339902, 8947401. */
export function compileWindow(spec: unknown, sortBy: Document, scope: Scope): CompiledWindow {
  const everything: CompiledWindow = {
    window: ({ documents }) => [0, documents.length],
    fromStart: true,
    whole: true,
  }
  if (spec === undefined) return everything
  if (!isObject(spec)) throw fail(9, "'window' field must be an object")
  const given = spec as Document
  if ('documents' in given && 'range' in given)
    throw fail(9, "Window bounds can specify either 'documents' or 'unit', not both.")
  if ('range' in given) return compileRange(given, sortBy, scope)
  if ('unit' in given) throw fail(9, "Window bounds can only specify 'unit' with range-based bounds.")
  if ('documents' in given) return compileDocuments(given, Object.keys(sortBy).length, scope)
  if (Object.keys(given).length > 0)
    throw fail(
      9,
      "'window' field can only contain 'documents' as the only argument or 'range' with an optional 'unit' field",
    )
  return everything
}
