import { Decimal128, Double, Int32, Long } from 'bson'
import { add, multiply, subtract } from '../../values/arithmetic.ts'
import { exponentOf, isNumeric, type NumericValue, toDecimal, toDecimal128, toNumber } from '../../values/number.ts'
import { bsonType, typeName, typeOf } from '../../values/types.ts'
import { binary, fail, isNullish, type OperatorTable, variadic } from './define.ts'

function shiftDate(date: Date, milliseconds: NumericValue, sign: 1 | -1): Date {
  const shift =
    milliseconds instanceof Decimal128
      ? toDecimal(milliseconds).toNearest(1).toNumber()
      : Math.round(toNumber(milliseconds))
  const time = date.getTime() + sign * shift
  if (!Number.isFinite(time)) throw fail(2, 'date overflow')
  return new Date(time)
}

function sum(values: unknown[]): unknown {
  let total: NumericValue = new Int32(0)
  let date: Date | undefined
  for (const value of values) {
    if (isNullish(value)) return null
    if (isNumeric(value)) total = add(total, value)
    else if (value instanceof Date) {
      if (date) throw fail(16612, 'only one date allowed in an $add expression')
      date = value
    } else throw fail(14, `$add only supports numeric or date types, not ${typeName(value)}`)
  }
  return date ? shiftDate(date, total, 1) : total
}

export function difference(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null
  if (isNumeric(a) && isNumeric(b)) return subtract(a, b)
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime())
  if (a instanceof Date && isNumeric(b)) return shiftDate(a, b, -1)
  throw fail(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`)
}

function product(values: unknown[]): unknown {
  let total: NumericValue = new Int32(1)
  for (const value of values) {
    if (isNullish(value)) return null
    if (!isNumeric(value)) throw fail(14, `$multiply only supports numeric types, not ${typeName(value)}`)
    total = multiply(total, value)
  }
  return total
}

export function quotient(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumeric(a) || !isNumeric(b))
    throw fail(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
  if (toNumber(b) === 0 && (!(b instanceof Decimal128) || toDecimal(b).isZero())) throw fail(2, "can't $divide by zero")
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return toDecimal128(toDecimal(a).div(toDecimal(b)), exponentOf(a) - exponentOf(b))
  return new Double(toNumber(a) / toNumber(b))
}

function isWhole32(value: number): boolean {
  return value === (value | 0)
}

/** The remainder has the sign of the dividend; its type is the wider of the two. */
export function remainder(a: unknown, b: unknown): unknown {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumeric(a) || !isNumeric(b))
    throw fail(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
  if (b instanceof Decimal128 ? toDecimal(b).isZero() : toNumber(b) === 0) throw fail(16610, "can't $mod by zero")
  if (a instanceof Decimal128 || b instanceof Decimal128)
    return toDecimal128(toDecimal(a).mod(toDecimal(b)), Math.min(exponentOf(a), exponentOf(b)))
  const types = [typeOf(a), typeOf(b)]
  // A double that is a whole number of 32 bits divides as an int.
  if (types[0] === bsonType.double || (types[1] === bsonType.double && !isWhole32(toNumber(b))))
    return new Double(toNumber(a) % toNumber(b))
  if (types.includes(bsonType.long)) return Long.fromBigInt(BigInt(a.toString()) % BigInt(b.toString()))
  return new Int32((toNumber(a) % toNumber(b)) + 0)
}

export const arithmeticOperators: OperatorTable = {
  $add: variadic(0, Infinity, sum),
  $subtract: binary(difference),
  $multiply: variadic(0, Infinity, product),
  $divide: binary(quotient),
  $mod: binary(remainder),
}
