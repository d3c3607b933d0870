import { Decimal128, Double } from 'bson'
import type { Document } from 'bson'
import { add, multiply } from '../../values/arithmetic.ts'
import { compareValues } from '../../values/compare.ts'
import { Decimal34, isNumeric, type NumericValue, toDecimal, toDecimal128, toNumber } from '../../values/number.ts'
import { isObject, typeName } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import { difference, quotient } from '../operators/arithmetic.ts'
import { fail, isNullish, namedArguments } from '../operators/define.ts'
import type { Scope } from '../scope.ts'
import { mapSliced } from '../pacer.ts'
import type { Partition, WindowFunction } from './partition.ts'

/** The weight of a new value: alpha, or 2/(N+1). Error: 9. */
function movingWeight(given: Document): InstanceType<typeof Decimal34> {
  if ('N' in given) {
    const n = isNumeric(given.N) ? toNumber(given.N) : Number.NaN
    if (!Number.isInteger(n)) throw fail(9, "'N' field must be an integer; for others there is 'alpha'")
    if (n <= 0) throw fail(9, `'N' must be greater than zero. Got ${n}`)
    return new Decimal34(2).div(n + 1)
  }
  if (!isNumeric(given.alpha)) throw fail(9, "'alpha' must be a number")
  const alpha = toDecimal(given.alpha)
  if (!alpha.gt(0) || !alpha.lt(1)) throw fail(9, "'alpha' must be between 0 and 1 (exclusive)")
  return alpha
}

/** $expMovingAvg over the partition, in decimals, told as a double until there was a decimal. */
export function expMovingAvg(operand: unknown, scope: Scope): WindowFunction {
  const given = namedArguments(operand, '$expMovingAvg', ['input'], ['N', 'alpha'])
  if ('N' in given === 'alpha' in given)
    throw fail(
      9,
      "$expMovingAvg sub object must have exactly two fields: An 'input' field, and either an 'N' field or an 'alpha' field",
    )
  const input = scope.compile(given.input, scope)
  const weight = movingWeight(given)
  const rest = new Decimal34(1).minus(weight)
  return ({ documents, variables, pacer }) => {
    let average: ReturnType<typeof toDecimal> | undefined
    let decimal = false
    const next = (document: Document): NumericValue | null => {
      const value = input(document, variables)
      if (isNumeric(value)) {
        decimal ||= value instanceof Decimal128
        const exact = toDecimal(value)
        average = average ? exact.times(weight).plus(average.times(rest)) : exact
      }
      if (!average) return null
      return decimal ? toDecimal128(average) : new Double(average.toNumber())
    }
    return mapSliced(documents, next, pacer)
  }
}

/** $shift: the value of the document `by` positions away; the default where there is no document or no value. */
export function shift(operand: unknown, scope: Scope): WindowFunction {
  if (!isObject(operand)) throw fail(9, 'Argument to $shift must be an object')
  const given = namedArguments(operand, '$shift', ['output', 'by'], ['default'])
  const output = scope.compile(given.output, scope)
  const known = 'default' in given ? constantOf(scope.compile(given.default, scope)) : { value: null }
  if (!known) throw fail(9, "'$shift:default' expression must yield a constant value.")
  const by = isNumeric(given.by) ? toNumber(given.by) : Number.NaN
  if (!Number.isInteger(by)) throw fail(9, `'$shift:by' field must be an integer, but found ${String(given.by)}`)
  return ({ documents, variables, pacer }) => {
    const shifted = (_: Document, i: number): unknown => {
      const other = documents[i + by]
      const value = other && output(other, variables)
      return value === undefined ? known.value : value
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

/** What the sort gives must be numbers or dates, none of them twice. Errors: 14, 6050106. */
function checkAxis(value: unknown, previous: unknown): void {
  if (!isNumeric(value) && !(value instanceof Date))
    throw fail(14, `Value of the sortBy field must be numeric or a date, but found ${typeName(value)}`)
  if (previous === undefined) return
  if (compareValues(value, previous) === 0) throw fail(6050106, 'There can be no repeated values in the sort field')
  if (isNumeric(value) !== isNumeric(previous))
    throw fail(
      14,
      `Conflicting sort value types, previously received type ${typeName(previous)}, but found ${typeName(value)}`,
    )
}

/** $linearFill: null and missing values on the line between their known neighbours, by the sort field. */
export function linearFill(operand: unknown, scope: Scope): WindowFunction {
  const input = scope.compile(operand, scope)
  return async (partition: Partition) => {
    const { documents, sortValues, variables, pacer } = partition
    const values = await mapSliced(documents, (document) => input(document, variables) ?? null, pacer)
    const result = [...values]
    let previous = -1
    const join = (value: unknown, i: number): void => {
      if (value !== null && !isNumeric(value))
        throw fail(14, `Value to be filled must be numeric or nullish, but found ${typeName(value)}`)
      checkAxis(sortValues[i], i > 0 ? sortValues[i - 1] : undefined)
      if (value === null) return
      if (previous >= 0 && previous < i - 1) {
        const [x1, y1] = [sortValues[previous], values[previous] as NumericValue]
        const slope = quotient(difference(value, y1), difference(sortValues[i], x1)) as NumericValue
        for (let k = previous + 1; k < i; k++)
          result[k] = add(y1, multiply(difference(sortValues[k], x1) as NumericValue, slope))
      }
      previous = i
    }
    await mapSliced(values, join, pacer)
    return result
  }
}
