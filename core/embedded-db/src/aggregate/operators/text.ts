import { typeName } from '../../values/types.ts'
import { fail, isNullish } from './define.ts'
import { isNumeric } from '../../values/number.ts'
import { BSONSymbol, Timestamp } from 'bson'
import { numberToText } from './number-text.ts'

/** The coercion of $toLower, $substr and the like: null is '', numbers and dates have a text, anything else fails (16007). */
export function coerceToText(value: unknown, operator: string): string {
  if (isNullish(value)) return ''
  if (typeof value === 'string') return value
  if (isNumeric(value)) return numberToText(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof BSONSymbol || value instanceof Timestamp) return value.toString()
  throw fail(16007, `can't convert from BSON type ${typeName(value)} to String (in ${operator})`)
}
