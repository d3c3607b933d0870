import { Decimal128, Double, Long } from 'bson'
import { Decimal } from 'decimal.js'
import {
  Decimal34,
  exponentOf,
  fitsInt64,
  integerValue,
  isNumeric,
  type NumericValue,
  toDecimal,
  toDecimal128,
  toNumber,
} from '../../values/number.ts'
import { bsonType, isObject, typeName, typeOf } from '../../values/types.ts'
import { compileArguments, fail, isNullish, type OperatorCompiler, type OperatorTable, unary } from './define.ts'
import type { Expression } from '../scope.ts'
import { fold } from '../constants.ts'

/** A double with all its digits: rounding must see 1.00499999999999989… where 1.005 is printed. */
function exactDecimal(value: NumericValue): Decimal {
  if (value instanceof Decimal128 || value instanceof Long) return toDecimal(value)
  const number = toNumber(value)
  return new Decimal34(Number.isFinite(number) ? number.toPrecision(34) : number)
}

function numericOnly(name: string, apply: (value: NumericValue) => unknown): OperatorCompiler {
  return unary((value) => {
    if (isNullish(value)) return null
    if (!isNumeric(value)) throw fail(28765, `${name} only supports numeric types, not ${typeName(value)}`)
    return apply(value)
  })
}

function toWhole(doubles: (value: number) => number, decimals: (value: Decimal) => Decimal) {
  return (value: NumericValue): unknown => {
    const type = typeOf(value)
    if (type === bsonType.decimal) return toDecimal128(decimals(toDecimal(value)))
    return type === bsonType.double ? new Double(doubles(toNumber(value))) : value
  }
}

function absolute(value: NumericValue): unknown {
  switch (typeOf(value)) {
    case bsonType.decimal:
      return toDecimal128(toDecimal(value).abs(), exponentOf(value))
    case bsonType.double:
      return new Double(Math.abs(toNumber(value)))
    case bsonType.long:
      if (Long.MIN_VALUE.equals(value as Long)) throw fail(28680, "can't take $abs of long long min")
      return (value as Long).isNegative() ? (value as Long).negate() : value
    default:
      return integerValue(BigInt(Math.abs(toNumber(value))), false)
  }
}

/** Rounds to a decimal place (-20 to 100); a negative place rounds left of the point. */
function toPlace(name: string, mode: Decimal.Rounding): OperatorCompiler {
  const round = (value: unknown, place: unknown): unknown => {
    if (isNullish(value) || place === null) return null
    if (!isNumeric(value)) throw fail(51081, `${name} only supports numeric types, not ${typeName(value)}`)
    const digits = place === undefined ? 0 : isNumeric(place) ? toNumber(place) : Number.NaN
    if (!Number.isInteger(digits)) throw fail(51082, `precision argument to  ${name} must be a integral value`)
    if (digits < -20 || digits > 100)
      throw fail(51083, `cannot apply ${name} with precision value ${digits} value must be in [-20, 100]`)
    const type = typeOf(value)
    const exact = exactDecimal(value)
    if (!exact.isFinite()) return value
    if ((type === bsonType.int || type === bsonType.long) && digits >= 0) return value
    const unit = new Decimal34(10).pow(-digits)
    const rounded =
      digits >= 0 ? exact.toDecimalPlaces(digits, mode) : exact.div(unit).toDecimalPlaces(0, mode).times(unit)
    if (type === bsonType.decimal)
      return digits < 0
        ? Decimal128.fromString(`${rounded.div(unit).toFixed(0)}E${-digits}`)
        : toDecimal128(rounded, -digits)
    if (type === bsonType.double) return new Double(rounded.toNumber())
    const whole = BigInt(rounded.toFixed(0))
    if (!fitsInt64(whole)) throw fail(51080, `Invalid conversion to long during ${name}`)
    return integerValue(whole, type === bsonType.long)
  }
  return (operand, scope, operator) => {
    const list = compileArguments(operand, scope, operator, 1, 2)
    const [value, place] = list as [Expression, Expression | undefined]
    const evaluate: Expression = (root, variables) =>
      round(value(root, variables), place ? (place(root, variables) ?? null) : undefined)
    return fold(evaluate, list)
  }
}

export const roundingOperators: OperatorTable = {
  $abs: numericOnly('$abs', absolute),
  $ceil: numericOnly(
    '$ceil',
    toWhole(Math.ceil, (value) => value.ceil()),
  ),
  $floor: numericOnly(
    '$floor',
    toWhole(Math.floor, (value) => value.floor()),
  ),
  $round: toPlace('$round', Decimal.ROUND_HALF_EVEN),
  $trunc: toPlace('$trunc', Decimal.ROUND_DOWN),
  $rand: (operand) => {
    if (!isObject(operand) && !Array.isArray(operand))
      throw fail(10065, 'invalid parameter: expected an object ($rand)')
    if (Object.keys(operand).length > 0) throw fail(3040501, '$rand does not currently accept arguments')
    return () => new Double(Math.random())
  },
}
