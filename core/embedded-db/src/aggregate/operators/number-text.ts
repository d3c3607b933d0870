import { type NumericValue, toNumber } from '../../values/number.ts'
import { bsonType, typeOf } from '../../values/types.ts'

/** Numbers as MongoDB prints them; a double in the C format %.16g. */
export function numberToText(value: NumericValue): string {
  return typeOf(value) === bsonType.double ? doubleToText(toNumber(value)) : value.toString()
}

function doubleToText(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponent = '0'] = value.toExponential(15).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 16) return trimZeros(value.toFixed(Math.max(15 - power, 0)))
  return `${trimZeros(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
