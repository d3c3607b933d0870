import { Double } from 'bson'
import { add } from '../../values/arithmetic.ts'
import { compareValues, typeBracket } from '../../values/compare.ts'
import { isNumeric, type NumericValue, toNumber } from '../../values/number.ts'
import { isObject } from '../../values/types.ts'
import { addUnits, type TimeUnit, timeUnit } from '../operators/date-units.ts'
import { fail } from '../operators/define.ts'
import { utc } from '../operators/zone.ts'
import type { Partition, Window } from './partition.ts'

type Bound = 'unbounded' | 'current' | NumericValue

export interface CompiledWindow {
  window: Window
  /** Whether it begins with the partition, so that a running state serves. */
  fromStart: boolean
  whole: boolean
}

function bound(value: unknown): Bound {
  if (value === 'unbounded' || value === 'current') return value
  if (!isNumeric(value)) throw fail(9, "Window bounds must be 'unbounded', 'current', or a number")
  return value
}

function bounds(value: unknown): [Bound, Bound] {
  if (!Array.isArray(value) || value.length !== 2) throw fail(9, 'Window bounds must be a 2-element array')
  return [bound(value[0]), bound(value[1])]
}

function documentWindow([low, high]: [Bound, Bound]): Window {
  const offset = (value: Bound, unbounded: number): number => {
    if (value === 'unbounded') return unbounded
    const number = value === 'current' ? 0 : toNumber(value)
    if (!Number.isInteger(number)) throw fail(9, 'Numeric document-based bounds must be an integer')
    return number
  }
  const [from, to] = [offset(low, -Infinity), offset(high, Infinity)]
  if (from > to) throw fail(5339900, 'Lower bound must not exceed upper bound')
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

function rangeWindow([low, high]: [Bound, Bound], unit: TimeUnit | undefined): Window {
  const shift = (value: unknown, by: NumericValue): unknown => {
    if (unit) {
      if (!(value instanceof Date)) throw fail(5429513, "Expected the sortBy field to be a Date with 'unit'")
      return new Date(addUnits(value.getTime(), unit, toNumber(by), utc))
    }
    if (!isNumeric(value)) throw fail(5429413, 'Invalid range: Expected the sortBy field to be a number')
    return add(value, by)
  }
  const limit = (value: Bound, current: unknown): unknown =>
    shift(current, value === 'current' ? new Double(0) : (value as NumericValue))
  return ({ sortValues }: Partition, at) => {
    const current = sortValues[at]
    const bracket = typeBracket(current)
    const start = low === 'unbounded' ? 0 : search(sortValues, limit(low, current), false)
    const end = high === 'unbounded' ? sortValues.length : search(sortValues, limit(high, current), true)
    let first = start
    while (first < end && low !== 'unbounded' && typeBracket(sortValues[first]) !== bracket) first++
    return [first, Math.max(end, first)]
  }
}

/** Compiles `window`; absent, it is the whole partition. Errors: 9, 5339901, 5339902, 5339900. */
export function compileWindow(spec: unknown, sortFields: number): CompiledWindow {
  if (spec === undefined) return { window: ({ documents }) => [0, documents.length], fromStart: true, whole: true }
  if (!isObject(spec)) throw fail(9, "'window' field must be an object")
  if ('documents' in spec) {
    if ('range' in spec || 'unit' in spec)
      throw fail(9, "Window bounds can specify either 'documents' or 'unit', not both.")
    const pair = bounds(spec.documents)
    const whole = pair[0] === 'unbounded' && pair[1] === 'unbounded'
    if (!whole && sortFields === 0) throw fail(5339901, 'Document-based bounds require a sortBy')
    return { window: documentWindow(pair), fromStart: pair[0] === 'unbounded', whole }
  }
  if (!('range' in spec)) {
    if ('unit' in spec) throw fail(9, "Window bounds can only specify 'unit' with range-based bounds.")
    if (Object.keys(spec).length > 0)
      throw fail(
        9,
        "'window' field can only contain 'documents' as the only argument or 'range' with an optional 'unit' field",
      )
  }
  const pair = bounds('range' in spec ? spec.range : ['unbounded', 'unbounded'])
  const whole = pair[0] === 'unbounded' && pair[1] === 'unbounded'
  if (!whole && sortFields !== 1) throw fail(5339902, 'Range-based bounds require sortBy a single field')
  return {
    window: rangeWindow(pair, spec.unit === undefined ? undefined : timeUnit(spec.unit)),
    fromStart: pair[0] === 'unbounded',
    whole,
  }
}
