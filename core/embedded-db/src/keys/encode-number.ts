import { Decimal128, Long } from 'bson'
import { compareNumbers } from '../values/compare-numbers.ts'
import type { NumericValue } from '../values/number.ts'
import { fastNumber, toNumber } from '../values/number.ts'
import type { KeyBuffer } from './key-buffer.ts'

const EXACT = 0x80

/**
 * Encodes a number so that bytes order as the exact values of int, long, double and decimal do: the nearest double, then
 * a byte that says whether the value is below, at or above it, then for the inexact ones their decimal digits.
 */
export function encodeNumber(key: KeyBuffer, value: NumericValue): void {
  const nearest = fastNumber(value) ?? toNumber(value)
  key.double(nearest)
  if (
    !(value instanceof Long || value instanceof Decimal128) ||
    Number.isNaN(nearest) ||
    (value instanceof Long && Number.isSafeInteger(nearest))
  ) {
    key.byte(EXACT)
    return
  }
  const side = compareNumbers(value, nearest)
  if (side === 0) key.byte(EXACT)
  else {
    key.byte(EXACT + side)
    encodeDigits(key, value.toString())
  }
}

/** The digits of a finite decimal in scientific form: exponent, then digits and an end mark; inverted as a whole when negative. */
function encodeDigits(key: KeyBuffer, text: string): void {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(text) ?? []
  const all = whole + fraction
  const lead = all.search(/[1-9]/)
  const digits = all.slice(lead).replace(/0+$/, '')
  const scale = Number(exponent) + whole.length - lead
  const start = key.mark()
  key.uint32(scale + 0x8000)
  key.raw(Buffer.from(digits, 'latin1'))
  key.byte(0)
  if (sign === '-') key.invert(start)
}
