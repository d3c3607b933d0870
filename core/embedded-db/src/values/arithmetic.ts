import type { Decimal128 } from 'bson'
import { Double, type Int32, Long } from 'bson'
import type { Decimal } from 'decimal.js'
import {
  exponentOf,
  fitsInt64,
  integerValue,
  longToBigInt,
  type NumericValue,
  toDecimal,
  toDecimal128,
  toNumber,
} from './number.ts'
import { bsonType, typeOf } from './types.ts'

export type NumericResult = Int32 | Double | Long | Decimal128

interface BinaryOperation {
  integers: (a: bigint, b: bigint) => bigint
  small: (a: number, b: number) => number
  doubles: (a: number, b: number) => number
  decimals: (a: Decimal, b: Decimal) => Decimal
  /** The exponent of a decimal result from those of the operands. */
  exponent: (a: number, b: number) => number
}

function toBigInt(value: NumericValue): bigint {
  return value instanceof Long || typeof value === 'bigint' ? longToBigInt(value) : BigInt(toNumber(value))
}

/**
 * The widest of two numeric types decides the result: decimal, then double, then long, then int; an int result that
 * overflows becomes long. `overflow` receives a long result that does not fit 64 bits.
 */
function apply(
  a: NumericValue,
  b: NumericValue,
  operation: BinaryOperation,
  overflow: (a: NumericValue, b: NumericValue) => NumericResult,
): NumericResult {
  const typeA = typeOf(a)
  const typeB = typeOf(b)
  if (typeA === bsonType.int && typeB === bsonType.int) {
    const result = operation.small(toNumber(a), toNumber(b))
    if (Number.isSafeInteger(result)) return integerValue(BigInt(result), false)
  }
  if (typeA === bsonType.decimal || typeB === bsonType.decimal) {
    return toDecimal128(
      operation.decimals(toDecimal(a), toDecimal(b)),
      operation.exponent(exponentOf(a), exponentOf(b)),
    )
  }
  if (typeA === bsonType.double || typeB === bsonType.double)
    return new Double(operation.doubles(toNumber(a), toNumber(b)))
  const result = operation.integers(toBigInt(a), toBigInt(b))
  if (!fitsInt64(result)) return overflow(a, b)
  return integerValue(result, typeA === bsonType.long || typeB === bsonType.long)
}

const addition: BinaryOperation = {
  integers: (a, b) => a + b,
  small: (a, b) => a + b,
  doubles: (a, b) => a + b,
  decimals: (a, b) => a.plus(b),
  exponent: Math.min,
}
const subtraction: BinaryOperation = {
  integers: (a, b) => a - b,
  small: (a, b) => a - b,
  doubles: (a, b) => a - b,
  decimals: (a, b) => a.minus(b),
  exponent: Math.min,
}
const multiplication: BinaryOperation = {
  integers: (a, b) => a * b,
  small: (a, b) => a * b,
  doubles: (a, b) => a * b,
  decimals: (a, b) => a.times(b),
  exponent: (a, b) => a + b,
}

type Overflow = (a: NumericValue, b: NumericValue) => NumericResult

/** Aggregation answers a double where 64 bits overflow; updates pass their own handler, which fails. */
export function add(
  a: NumericValue,
  b: NumericValue,
  overflow: Overflow = (x, y) => new Double(toNumber(x) + toNumber(y)),
): NumericResult {
  return apply(a, b, addition, overflow)
}

export function subtract(
  a: NumericValue,
  b: NumericValue,
  overflow: Overflow = (x, y) => new Double(toNumber(x) - toNumber(y)),
): NumericResult {
  return apply(a, b, subtraction, overflow)
}

export function multiply(
  a: NumericValue,
  b: NumericValue,
  overflow: Overflow = (x, y) => new Double(toNumber(x) * toNumber(y)),
): NumericResult {
  return apply(a, b, multiplication, overflow)
}
