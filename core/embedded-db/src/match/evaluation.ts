import { Long } from 'bson'
import { CommandError } from '../errors.ts'
import { geoIntersects, geoWithin } from '../geo/shapes.ts'
import { regexParts } from '../values/compare.ts'
import { isNumeric, type NumericValue, toDecimal, toNumber } from '../values/number.ts'
import { compileRegex } from '../values/regex.ts'
import { bsonType, typeOf } from '../values/types.ts'
import { type FieldPredicate, leafPredicate } from './predicate.ts'

/** Truncates to an integer; undefined for NaN and infinities. */
function truncate(value: NumericValue): bigint | undefined {
  if (value instanceof Long) return value.toBigInt()
  if (typeOf(value) === bsonType.decimal) {
    const decimal = toDecimal(value)
    return decimal.isFinite() ? BigInt(decimal.trunc().toFixed()) : undefined
  }
  const number = Math.trunc(toNumber(value))
  return Number.isFinite(number) ? BigInt(number) : undefined
}

function integerOperand(value: unknown, name: string): bigint {
  if (!isNumeric(value)) throw new CommandError(2, 'BadValue', `malformed mod, ${name} not a number`)
  const integer = truncate(value)
  if (integer === undefined) throw new CommandError(2, 'BadValue', `malformed mod, ${name} value is invalid`)
  return integer
}

function modulo(operand: unknown): FieldPredicate {
  if (!Array.isArray(operand)) throw new CommandError(2, 'BadValue', 'malformed mod, needs to be an array')
  if (operand.length < 2) throw new CommandError(2, 'BadValue', 'malformed mod, not enough elements')
  if (operand.length > 2) throw new CommandError(2, 'BadValue', 'malformed mod, too many elements')
  const divisor = integerOperand(operand[0], 'divisor')
  const remainder = integerOperand(operand[1], 'remainder')
  if (divisor === 0n) throw new CommandError(2, 'BadValue', 'divisor cannot be 0')
  return leafPredicate((value) => {
    if (!isNumeric(value)) return false
    const integer = truncate(value)
    return integer !== undefined && integer % divisor === remainder
  })
}

/** `{ $regex, $options }`: the pattern is a string or a regular expression, whose own options `$options` replaces. */
export function regexPredicate(pattern: unknown, options: unknown): FieldPredicate {
  if (options !== undefined && typeof options !== 'string')
    throw new CommandError(2, 'BadValue', '$options has to be a string')
  const isRegex = typeOf(pattern) === bsonType.regex
  if (!isRegex && typeof pattern !== 'string') throw new CommandError(2, 'BadValue', '$regex has to be a string')
  const parts = isRegex ? regexParts(pattern as RegExp) : { pattern: pattern as string, options: '' }
  if (parts.options !== '' && options !== undefined && options !== '')
    throw new CommandError(51075, 'Location51075', 'options set in both $regex and $options')
  const flags = options === undefined || options === '' ? parts.options : options
  const regex = compileRegex(parts.pattern, flags)
  return leafPredicate((value) => {
    if (typeof value === 'string') return regex.test(value)
    const type = typeOf(value)
    if (type === bsonType.symbol) return regex.test(String(value))
    if (type !== bsonType.regex) return false
    const other = regexParts(value as RegExp)
    return other.pattern === parts.pattern && other.options === flags
  })
}

export const evaluationOperators = {
  $mod: modulo,
  $geoWithin: geoWithin,
  $within: geoWithin,
  $geoIntersects: geoIntersects,
}
