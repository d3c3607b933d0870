import { Decimal128, Double } from 'bson'
import type { Decimal } from 'decimal.js'
import {
  fitsInt64,
  integerValue,
  isNumeric,
  type NumericValue,
  toDecimal,
  toDecimal128,
  toNumber,
} from '../../values/number.ts'
import { bsonType, typeName, typeOf } from '../../values/types.ts'
import { binary, fail, isNullish, type OperatorCompiler, type OperatorTable, unary } from './define.ts'

/** A function of doubles with a decimal twin; `check` refuses what is outside its domain. */
export function realFunction(
  name: string,
  doubles: (x: number) => number,
  decimals: (x: Decimal) => Decimal,
  check?: (x: number) => void,
): OperatorCompiler {
  return unary((value) => {
    if (isNullish(value)) return null
    if (!isNumeric(value)) throw fail(28765, `${name} only supports numeric types, not ${typeName(value)}`)
    check?.(toNumber(value))
    return value instanceof Decimal128 ? toDecimal128(decimals(toDecimal(value))) : new Double(doubles(toNumber(value)))
  })
}

function positive(name: string, code: number): (x: number) => void {
  return (x) => {
    if (x <= 0) throw fail(code, `${name}'s argument must be a positive number, but is ${x}`)
  }
}

function power(base: unknown, exponent: unknown): unknown {
  if (isNullish(base) || isNullish(exponent)) return null
  if (!isNumeric(base)) throw fail(28762, `$pow's base must be numeric, not ${typeName(base)}`)
  if (!isNumeric(exponent)) throw fail(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`)
  if (toNumber(base) === 0 && toNumber(exponent) < 0)
    throw fail(28764, '$pow cannot take a base of 0 and a negative exponent')
  if (base instanceof Decimal128 || exponent instanceof Decimal128)
    return toDecimal128(toDecimal(base).pow(toDecimal(exponent)))
  const types = [typeOf(base), typeOf(exponent)]
  if (!types.includes(bsonType.double)) {
    const exact = integerPower(base, exponent)
    if (exact !== undefined && fitsInt64(exact)) return integerValue(exact, types.includes(bsonType.long))
  }
  return new Double(toNumber(base) ** toNumber(exponent))
}

/** The integer power, unless it is a fraction or certainly overflows 64 bits. */
function integerPower(base: NumericValue, exponent: NumericValue): bigint | undefined {
  const b = BigInt(base.toString())
  const e = BigInt(exponent.toString())
  if (b === 1n || e === 0n) return 1n
  if (b === -1n) return e % 2n === 0n ? 1n : -1n
  if (e < 0n) return undefined
  return b !== 0n && e > 63n ? undefined : b ** e
}

function logarithm(value: unknown, base: unknown): unknown {
  if (isNullish(value) || isNullish(base)) return null
  if (!isNumeric(value)) throw fail(28756, `$log's argument must be numeric, not ${typeName(value)}`)
  if (!isNumeric(base)) throw fail(28757, `$log's base must be numeric, not ${typeName(base)}`)
  if (toNumber(value) <= 0) throw fail(28758, `$log's argument must be a positive number, but is ${toNumber(value)}`)
  if (toNumber(base) <= 0 || toNumber(base) === 1)
    throw fail(28759, `$log's base must be a positive number not equal to 1, but is ${toNumber(base)}`)
  if (value instanceof Decimal128 || base instanceof Decimal128)
    return toDecimal128(toDecimal(value).log(toDecimal(base)))
  return new Double(Math.log(toNumber(value)) / Math.log(toNumber(base)))
}

export const exponentialOperators: OperatorTable = {
  $exp: realFunction('$exp', Math.exp, (x) => x.exp()),
  $ln: realFunction('$ln', Math.log, (x) => x.ln(), positive('$ln', 28766)),
  $log10: realFunction('$log10', Math.log10, (x) => x.log(10), positive('$log10', 28761)),
  $log: binary(logarithm),
  $pow: binary(power),
  $sqrt: realFunction(
    '$sqrt',
    Math.sqrt,
    (x) => x.sqrt(),
    (x) => {
      if (x < 0) throw fail(28714, "$sqrt's argument must be greater than or equal to 0")
    },
  ),
}
