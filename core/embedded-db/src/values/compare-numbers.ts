import { Decimal128, Long } from 'bson'
import { fastNumber, longToBigInt, type NumericValue, toNumber } from './number.ts'

/** The order of two doubles; NaN is the smallest and equal to itself. */
export function compareDoubles(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1
}

/** A finite number as an exact fraction over powers of two and ten: digits × 2^two × 10^ten. */
interface Exact {
  digits: bigint
  two: number
  ten: number
}

const view = new DataView(new ArrayBuffer(8))

function exactDouble(value: number): Exact {
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n
  return { digits: value < 0 ? -mantissa : mantissa, two: (exponent || 1) - 1075, ten: 0 }
}

function exactDecimal(value: Decimal128): Exact {
  const match = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]?\d+))?$/.exec(value.toString())
  if (!match) return { digits: 0n, two: 0, ten: 0 }
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = match
  const digits = BigInt(whole + fraction)
  return { digits: sign ? -digits : digits, two: 0, ten: Number(exponent) - fraction.length }
}

function exact(value: NumericValue): Exact {
  if (value instanceof Decimal128) return exactDecimal(value)
  const small = fastNumber(value)
  return small === undefined ? { digits: longToBigInt(value as Long | bigint), two: 0, ten: 0 } : exactDouble(small)
}

function compareExact(a: Exact, b: Exact): number {
  const two = a.two - b.two
  const ten = a.ten - b.ten
  const left = a.digits * 2n ** BigInt(Math.max(two, 0)) * 10n ** BigInt(Math.max(ten, 0))
  const right = b.digits * 2n ** BigInt(Math.max(-two, 0)) * 10n ** BigInt(Math.max(-ten, 0))
  return left < right ? -1 : left > right ? 1 : 0
}

/**
 * Exact order across int, long, double and decimal. Rounding to a double is monotonic, so different doubles decide at
 * once and only near-equal values are compared as fractions.
 */
export function compareNumbers(a: NumericValue, b: NumericValue): number {
  const x = fastNumber(a)
  const y = fastNumber(b)
  if (x !== undefined && y !== undefined) return compareDoubles(x, y)
  if (a instanceof Long && b instanceof Long) return a.compare(b)
  const nearA = x ?? toNumber(a)
  const nearB = y ?? toNumber(b)
  const order = compareDoubles(nearA, nearB)
  if (order !== 0 || Number.isNaN(nearA)) return order
  if (!Number.isFinite(nearA)) return compareInfinities(a, b, nearA)
  return compareExact(exact(a), exact(b))
}

/** A decimal beyond the range of doubles rounds to infinity but is smaller than it. */
function compareInfinities(a: NumericValue, b: NumericValue, sign: number): number {
  const beyondA = a instanceof Decimal128 && !a.toString().includes('Infinity')
  const beyondB = b instanceof Decimal128 && !b.toString().includes('Infinity')
  if (beyondA && beyondB) return compareExact(exact(a), exact(b))
  if (beyondA === beyondB) return 0
  return beyondA === sign > 0 ? -1 : 1
}
