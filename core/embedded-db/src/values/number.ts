import { Decimal128, Double, Int32, Long } from 'bson'
import { Decimal } from 'decimal.js'
import { bsonType, isNumberType, typeOf } from './types.ts'

/** Decimal arithmetic with the 34 digits and the exponent range of IEEE 754-2008 decimal128. */
export const Decimal34 = Decimal.clone({
  precision: 34,
  rounding: Decimal.ROUND_HALF_EVEN,
  minE: -6176,
  maxE: 6144,
  toExpNeg: -7,
  toExpPos: 34,
  defaults: true,
})

export type NumericValue = number | bigint | Int32 | Double | Long | Decimal128

/** The value of an int or double (wrapped or plain) as a JS number; undefined for every other type. */
export function fastNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (value instanceof Int32 || value instanceof Double) return value.value
  return undefined
}

export function isNumeric(value: unknown): value is NumericValue {
  return isNumberType(typeOf(value))
}

/** The nearest double; used where MongoDB itself works in doubles. */
export function toNumber(value: NumericValue): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Long) return value.toNumber()
  if (value instanceof Decimal128) return decimalToNumber(value)
  return value.value
}

function decimalToNumber(value: Decimal128): number {
  const text = value.toString()
  return text === 'Infinity' || text === '-Infinity' || text === 'NaN' ? Number(text) : Number.parseFloat(text)
}

export function longToBigInt(value: Long | bigint): bigint {
  return typeof value === 'bigint' ? value : value.toBigInt()
}

/** Decimal128 text and decimal.js agree on digits, so text is the exact bridge both ways. */
export function toDecimal(value: NumericValue): Decimal {
  if (value instanceof Decimal128) return new Decimal34(value.toString())
  if (value instanceof Long || typeof value === 'bigint') return new Decimal34(value.toString())
  return doubleToDecimal(typeof value === 'number' ? value : value.value)
}

/** A double becomes the decimal of its 15 significant digits, as MongoDB's promotion does. */
function doubleToDecimal(value: number): Decimal {
  return new Decimal34(Number.isFinite(value) ? value.toPrecision(15) : value)
}

/** The exponent of the last digit: what decimal128 keeps of 1.10 besides its value. */
export function exponentOf(value: NumericValue): number {
  if (!(value instanceof Decimal128))
    return typeOf(value) === bsonType.double ? textExponent(toNumber(value).toPrecision(15)) : 0
  return textExponent(value.toString())
}

function textExponent(text: string): number {
  const [digits = '', exponent = '0'] = text.toUpperCase().split('E')
  return Number(exponent) - (digits.split('.')[1]?.length ?? 0)
}

const maxDigits = 34

/**
 * The decimal128 of a value. With a preferred exponent (IEEE 754-2008: the lesser one for sums, the sum of both for
 * products) it keeps the trailing zeros, as 1.10 + 1.10 is 2.20.
 */
export function toDecimal128(value: Decimal, preferred?: number): Decimal128 {
  if (value.isNaN()) return Decimal128.fromString('NaN')
  if (!value.isFinite()) return Decimal128.fromString(value.isNegative() ? '-Infinity' : 'Infinity')
  if (preferred === undefined || Math.abs(preferred) > 6000) return Decimal128.fromStringWithRounding(value.toString())
  const exact = Math.min(preferred, -value.decimalPlaces())
  const exponent = value.isZero() ? exact : Math.max(exact, value.e - maxDigits + 1)
  const coefficient = value.times(new Decimal34(10).pow(-exponent))
  return Decimal128.fromStringWithRounding(
    coefficient.isInteger() ? `${coefficient.toFixed()}E${exponent}` : value.toString(),
  )
}

const int32Min = -0x80000000n
const int32Max = 0x7fffffffn
const int64Min = -0x8000000000000000n
const int64Max = 0x7fffffffffffffffn

export function fitsInt64(value: bigint): boolean {
  return value >= int64Min && value <= int64Max
}

export function fitsInt32(value: bigint): boolean {
  return value >= int32Min && value <= int32Max
}

/** An int when the value fits one, else a long; the caller has checked the 64-bit range. */
export function integerValue(value: bigint, atLeastLong: boolean): Int32 | Long {
  return !atLeastLong && fitsInt32(value) ? new Int32(Number(value)) : Long.fromBigInt(value)
}

export function int(value: number): Int32 {
  return new Int32(value)
}

/** An int or a long for a count that may pass 32 bits. */
export function count(value: number): Int32 | Long {
  return value <= 0x7fffffff ? new Int32(value) : Long.fromNumber(value)
}
