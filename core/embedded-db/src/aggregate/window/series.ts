import { Decimal128, Double } from 'bson'
import type { Document } from 'bson'
import { Decimal34, isNumeric, type NumericValue, toDecimal, toDecimal128, toNumber } from '../../values/number.ts'
import { fail, isNullish, namedArguments } from '../operators/define.ts'
import { type TimeUnit, timeUnit } from '../operators/date-units.ts'
import type { Expression, Scope } from '../scope.ts'
import { mapSliced } from '../pacer.ts'
import type { CompiledWindow } from './bounds.ts'
import type { Partition, WindowFunction } from './partition.ts'

const unitLengths: Partial<Record<TimeUnit, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}

/** The position on the x axis: a number, or a date in units. */
function axis(value: unknown, length: number | undefined): number {
  if (length !== undefined) {
    if (!(value instanceof Date)) throw fail(5624900, "with 'unit', the sortBy field must be a Date")
    return value.getTime() / length
  }
  if (value instanceof Date) throw fail(5624901, "with a Date sortBy, 'unit' must be given")
  if (!isNumeric(value)) throw fail(5624902, 'the sortBy field must be numeric')
  return toNumber(value)
}

function unitLength(value: unknown): number | undefined {
  if (value === undefined) return undefined
  const length = unitLengths[timeUnit(value)]
  if (length === undefined) throw fail(5490704, 'unit must be week or smaller')
  return length
}

type Summary = (xs: number[], ys: number[]) => Double | null

/** $derivative and $integral: a summary of the points of each window. */
function ofPoints(
  operand: unknown,
  scope: Scope,
  name: string,
  { window }: CompiledWindow,
  summarize: Summary,
): WindowFunction {
  const given = namedArguments(operand, name, ['input'], ['unit'])
  const input = scope.compile(given.input, scope)
  const length = unitLength(given.unit)
  const valueAt = (partition: Partition, i: number): Double | null => {
    const [start, end] = window(partition, i)
    const points = partition.documents.slice(start, end).map((document, k) => ({
      x: axis(partition.sortValues[start + k], length),
      y: input(document, partition.variables),
    }))
    const numeric = points.filter(({ y }) => isNumeric(y))
    return summarize(
      numeric.map(({ x }) => x),
      numeric.map(({ y }) => toNumber(y as NumericValue)),
    )
  }
  return (partition) => mapSliced(partition.documents, (_, i) => valueAt(partition, i), partition.pacer)
}

export function derivative(operand: unknown, scope: Scope, window: CompiledWindow): WindowFunction {
  return ofPoints(operand, scope, '$derivative', window, (xs, ys) => {
    const run = (xs.at(-1) ?? 0) - (xs[0] ?? 0)
    return xs.length < 2 || run === 0 ? null : new Double(((ys.at(-1) as number) - (ys[0] as number)) / run)
  })
}

/** The area under the points, by trapezoids. */
export function integral(operand: unknown, scope: Scope, window: CompiledWindow): WindowFunction {
  return ofPoints(operand, scope, '$integral', window, (xs, ys) => {
    let area = 0
    for (let i = 1; i < xs.length; i++)
      area += (((ys[i] as number) + (ys[i - 1] as number)) / 2) * ((xs[i] as number) - (xs[i - 1] as number))
    return xs.length === 0 ? null : new Double(area)
  })
}

/** $expMovingAvg over the partition: the weight of a new value is alpha, or 2/(N+1). */
export function expMovingAvg(operand: unknown, scope: Scope): WindowFunction {
  const given = namedArguments(operand, '$expMovingAvg', ['input'], ['N', 'alpha'])
  if ('N' in given === 'alpha' in given)
    throw fail(
      9,
      "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field",
    )
  const input = scope.compile(given.input, scope)
  const weight = 'N' in given ? 2 / (numberOf(given.N) + 1) : numberOf(given.alpha)
  if (!(weight > 0 && weight <= 1))
    throw fail(9, "'alpha' must be between 0 and 1 (exclusive), and 'N' a positive integer")
  return ({ documents, variables, pacer }) => {
    let average: NumericValue | null = null
    const next = (document: Document): NumericValue | null => {
      const value = input(document, variables)
      if (isNumeric(value)) average = average === null ? value : mix(average, value, weight)
      return average instanceof Decimal128 || average === null ? average : new Double(toNumber(average))
    }
    return mapSliced(documents, next, pacer)
  }
}

function numberOf(value: unknown): number {
  return isNumeric(value) ? toNumber(value) : Number.NaN
}

function mix(average: NumericValue, value: NumericValue, weight: number): NumericValue {
  if (average instanceof Decimal128 || value instanceof Decimal128)
    return toDecimal128(
      toDecimal(value)
        .times(weight)
        .plus(toDecimal(average).times(new Decimal34(1).minus(weight))),
    )
  return new Double(toNumber(value) * weight + toNumber(average) * (1 - weight))
}

/** $shift: the value of the document `by` positions away. */
export function shift(operand: unknown, scope: Scope): WindowFunction {
  const given = namedArguments(operand, '$shift', ['output', 'by'], ['default'])
  const output = scope.compile(given.output, scope)
  const otherwise: Expression = scope.compile('default' in given ? given.default : null, scope)
  const by = numberOf(given.by)
  if (!Number.isInteger(by)) throw fail(9, `'$shift:by' field must be an integer, but found ${String(given.by)}`)
  return ({ documents, variables, pacer }) => {
    const shifted = (_: Document, i: number): unknown => {
      const other = documents[i + by]
      return other ? (output(other, variables) ?? null) : otherwise({}, variables)
    }
    return mapSliced(documents, shifted, pacer)
  }
}

/** $locf: the last value before that is neither null nor missing. */
export function lastObserved(operand: unknown, scope: Scope): WindowFunction {
  const input = scope.compile(operand, scope)
  return ({ documents, variables, pacer }) => {
    let last: unknown = null
    const observe = (document: Document): unknown => {
      const value = input(document, variables)
      if (!isNullish(value)) last = value
      return last
    }
    return mapSliced(documents, observe, pacer)
  }
}

/** $linearFill: null and missing values on the line between their known neighbours, by the sort field. */
export function linearFill(operand: unknown, scope: Scope): WindowFunction {
  const input = scope.compile(operand, scope)
  return async (partition: Partition) => {
    const { documents, variables, pacer } = partition
    const values = await mapSliced(documents, (document) => input(document, variables) ?? null, pacer)
    const x = (i: number): number => {
      const value = partition.sortValues[i]
      if (value instanceof Date) return value.getTime()
      if (!isNumeric(value)) throw fail(605001, '$linearFill sortBy must evaluate to a number or a date')
      return toNumber(value)
    }
    const result = [...values]
    let previous = -1
    const join = (value: unknown, i: number): void => {
      if (value === null) return
      if (!isNumeric(value)) throw fail(605000, 'Value to be filled must be numeric or nullish')
      if (previous >= 0) {
        const [y0, y1, x0, x1] = [toNumber(values[previous] as NumericValue), toNumber(value), x(previous), x(i)]
        for (let k = previous + 1; k < i; k++) result[k] = new Double(y0 + ((y1 - y0) * (x(k) - x0)) / (x1 - x0))
      }
      previous = i
    }
    await mapSliced(values, join, pacer)
    return result
  }
}
