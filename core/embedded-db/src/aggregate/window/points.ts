import { Double, Int32, Long } from 'bson'
import { add, multiply, subtract } from '../../values/arithmetic.ts'
import { isNumeric, type NumericValue, toNumber } from '../../values/number.ts'
import { difference, quotient } from '../operators/arithmetic.ts'
import { type TimeUnit, timeUnit } from '../operators/date-units.ts'
import { fail, namedArguments } from '../operators/define.ts'
import { mapSliced } from '../pacer.ts'
import type { Expression, Scope } from '../scope.ts'
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

interface Compiled {
  input: Expression
  /** The milliseconds of the unit, for a sort by dates. */
  length: number | undefined
}

function compilePoints(operand: unknown, scope: Scope, name: string): Compiled {
  const given = namedArguments(operand, name, ['input'], ['unit'])
  const input = scope.compile(given.input, scope)
  if (!('unit' in given)) return { input, length: undefined }
  const length = unitLengths[timeUnit(given.unit, 9, 9)]
  if (length === undefined) throw fail(5490710, "unit must be 'week' or smaller")
  return { input, length }
}

/** $derivative: the change between the ends of the window, for each unit of the sort value. Errors: 5624900 to 5624903. */
export function derivative(operand: unknown, scope: Scope, { window }: CompiledWindow): WindowFunction {
  const { input, length } = compilePoints(operand, scope, '$derivative')
  const check = (time: unknown): void => {
    if (length !== undefined) {
      if (!(time instanceof Date)) throw fail(5624900, "$derivative with 'unit' expects the sortBy field to be a Date")
    } else if (time instanceof Date) throw fail(5624901, "$derivative where the sortBy is a Date requires an 'unit'")
    else if (!isNumeric(time))
      throw fail(5624902, "$derivative (with no 'unit') expects the sortBy field to be numeric")
  }
  const at = (partition: Partition, i: number): unknown => {
    const [start, end] = window(partition, i)
    if (start === end) return null
    const [from, to] = [partition.sortValues[start], partition.sortValues[end - 1]]
    check(from)
    check(to)
    const run = difference(to, from) as NumericValue
    const [first, last] = [start, end - 1].map((k) => input(partition.documents[k], partition.variables))
    const rise = difference(last, first)
    if (rise === null) throw fail(5624903, '$derivative input must not be null or missing')
    if (toNumber(run) === 0) return null
    const slope = quotient(rise, run) as NumericValue
    return length === undefined ? slope : multiply(slope, Long.fromNumber(length))
  }
  return (partition) => mapSliced(partition.documents, (_, i) => at(partition, i), partition.pacer)
}

interface Point {
  x: unknown
  y: NumericValue
}

function checkPoint(x: unknown, y: unknown, length: number | undefined): Point {
  if (!isNumeric(y) || (!isNumeric(x) && !(x instanceof Date)))
    throw fail(
      5423900,
      'The input value of $integral window function must be a vector of 2 value, the first value must be numeric or date type and the second must be numeric.',
    )
  if (length !== undefined && !(x instanceof Date))
    throw fail(5423901, "$integral with 'unit' expects the sortBy field to be a Date")
  if (length === undefined && x instanceof Date)
    throw fail(5423902, "$integral (with no 'unit') expects the sortBy field to be numeric")
  return { x, y }
}

/** $integral: the area under the window's points, by trapezoids. Errors: 5423900 to 5423902. */
export function integral(operand: unknown, scope: Scope, { window }: CompiledWindow): WindowFunction {
  const { input, length } = compilePoints(operand, scope, '$integral')
  const at = (partition: Partition, i: number): unknown => {
    const [start, end] = window(partition, i)
    if (start === end) return null
    let twice: NumericValue = new Int32(0)
    let last: Point | undefined
    for (let k = start; k < end; k++) {
      const point = checkPoint(partition.sortValues[k], input(partition.documents[k], partition.variables), length)
      if (last) {
        const run =
          length === undefined
            ? subtract(point.x as NumericValue, last.x as NumericValue)
            : (difference(point.x, last.x) as NumericValue)
        twice = add(twice, multiply(add(point.y, last.y), run))
      }
      last = point
    }
    if (end - start === 1 && length === undefined) return new Int32(0)
    const area = quotient(twice, new Double(2))
    return length === undefined ? area : quotient(area, Long.fromNumber(length))
  }
  return (partition) => mapSliced(partition.documents, (_, i) => at(partition, i), partition.pacer)
}
