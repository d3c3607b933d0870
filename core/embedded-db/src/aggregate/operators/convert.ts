import { Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson'
import { CommandError } from '../../errors.ts'
import {
  exponentOf,
  fitsInt64,
  isNumeric,
  type NumericValue,
  toDecimal,
  toDecimal128,
  toNumber,
} from '../../values/number.ts'
import { isTruthy } from '../../values/truthy.ts'
import { bsonType, isObject, typeName, typeNumberOfAlias, typeOf } from '../../values/types.ts'
import type { Expression, Scope } from '../scope.ts'
import { type BinaryFormat, binaryFormat, binaryToText, sameBinary, textToBinary } from './convert-binary.ts'
import { failure } from './convert-failure.ts'
import { parseDate } from './date-text.ts'
import { fail, isNullish, namedArguments, type OperatorCompiler, type OperatorTable } from './define.ts'
import { numberToText } from './number-text.ts'

function unsupported(value: unknown, target: string): CommandError {
  return failure(`Unsupported conversion from ${typeName(value)} to ${target} in $convert with no onError value`)
}

function parseFailure(text: string, why: string): CommandError {
  return failure(`Failed to parse number '${text}' in $convert with no onError value: ${why}`)
}

function integerOf(value: NumericValue): bigint {
  if (value instanceof Long) return value.toBigInt()
  if (value instanceof Decimal128) {
    const decimal = toDecimal(value)
    if (!decimal.isFinite())
      throw failure(
        `Attempt to convert ${decimal.isNaN() ? 'NaN' : 'infinity'} value to integer type in $convert with no onError value`,
      )
    return BigInt(decimal.trunc().toFixed())
  }
  const number = toNumber(value)
  if (!Number.isFinite(number))
    throw failure(
      `Attempt to convert ${Number.isNaN(number) ? 'NaN' : 'infinity'} value to integer type in $convert with no onError value`,
    )
  return BigInt(Math.trunc(number))
}

function toInteger(value: unknown, target: 'int' | 'long'): Int32 | Long {
  let integer: bigint
  if (isNumeric(value)) integer = integerOf(value)
  else if (typeof value === 'boolean') integer = value ? 1n : 0n
  else if (typeof value === 'string') {
    if (!/^[+-]?\d+$/.test(value))
      throw parseFailure(value, value === '' ? 'No digits' : 'Bad digit or unexpected trailing characters')
    integer = BigInt(value.replace(/^\+/, ''))
  } else if (value instanceof Date && target === 'long') integer = BigInt(value.getTime())
  else throw unsupported(value, target)
  if (target === 'long') {
    if (!fitsInt64(integer)) throw failure('Conversion would overflow target type in $convert with no onError value')
    return Long.fromBigInt(integer)
  }
  if (integer < -0x80000000n || integer > 0x7fffffffn)
    throw failure('Conversion would overflow target type in $convert with no onError value')
  return new Int32(Number(integer))
}

function toDouble(value: unknown): Double {
  if (isNumeric(value)) {
    const number = toNumber(value)
    if (value instanceof Decimal128 && !Number.isFinite(number) && toDecimal(value).isFinite())
      throw failure('Conversion would overflow target type in $convert with no onError value')
    return new Double(number)
  }
  if (typeof value === 'boolean') return new Double(value ? 1 : 0)
  if (value instanceof Date) return new Double(value.getTime())
  if (typeof value !== 'string') throw unsupported(value, 'double')
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value) && !/^[+-]?(inf(inity)?|nan)$/i.test(value))
    throw parseFailure(value, 'Did not consume whole string.')
  return new Double(Number(value.replace(/inf(inity)?/i, 'Infinity').replace(/nan/i, 'NaN')))
}

function toDecimalValue(value: unknown): Decimal128 {
  if (value instanceof Decimal128) return value
  if (isNumeric(value)) return toDecimal128(toDecimal(value), exponentOf(value))
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0')
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()))
  if (typeof value !== 'string') throw unsupported(value, 'decimal')
  try {
    return Decimal128.fromStringWithRounding(value)
  } catch (error) {
    throw parseFailure(value, error instanceof Error ? error.message : 'Failed to parse string to decimal')
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (isNumeric(value)) return numberToText(value)
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof ObjectId) return value.toHexString()
  throw unsupported(value, 'string')
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value
  if (value instanceof ObjectId) return value.getTimestamp()
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000)
  if (typeof value === 'string') return parseDate(value, undefined, undefined)
  if (!isNumeric(value) || typeOf(value) === bsonType.int) throw unsupported(value, 'date')
  return new Date(Number(integerOf(value)))
}

function toObjectId(value: unknown): ObjectId {
  if (value instanceof ObjectId) return value
  if (typeof value !== 'string') throw unsupported(value, 'objectId')
  if (!/^[0-9a-f]{24}$/i.test(value))
    throw failure(
      `Failed to parse objectId '${value}' in $convert with no onError value: Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
    )
  return ObjectId.createFromHexString(value)
}

/** Converts to a type by number; the value is neither null nor missing. Error: 241 ConversionFailure. */
function convertTo(target: number, value: unknown, format: BinaryFormat | undefined, subtype: unknown): unknown {
  switch (target) {
    case bsonType.double:
      return toDouble(value)
    case bsonType.string:
      return value instanceof Binary ? binaryToText(value, format) : toText(value)
    case bsonType.objectId:
      return toObjectId(value)
    case bsonType.bool:
      return isTruthy(value)
    case bsonType.date:
      return toDate(value)
    case bsonType.int:
      return toInteger(value, 'int')
    case bsonType.long:
      return toInteger(value, 'long')
    case bsonType.decimal:
      return toDecimalValue(value)
    case bsonType.binData:
      if (value instanceof Binary) return sameBinary(value, subtype)
      if (typeof value === 'string') return textToBinary(value, format, subtype)
      throw unsupported(value, 'binData')
    default:
      throw failure(
        `Unsupported conversion from ${typeName(value)} to type ${target} in $convert with no onError value`,
      )
  }
}

const KNOWN_TYPES = new Set<number>(Object.values(bsonType))

function targetOf(to: unknown): { type: number; subtype: unknown } | undefined {
  const type: unknown = isObject(to) ? to.type : to
  const subtype: unknown = isObject(to) && 'subtype' in to ? to.subtype : new Int32(0)
  if (isNullish(type)) return undefined
  if (typeof type !== 'string' && !isNumeric(type))
    throw fail(9, `$convert's 'to' argument must be a string or number, but is ${typeName(type)}`)
  const number =
    type === 'missing' ? bsonType.missing : typeof type === 'string' ? typeNumberOfAlias(type) : toNumber(type)
  if (number === undefined) throw fail(2, `Unknown type name: ${String(type)}`)
  if (!KNOWN_TYPES.has(number))
    throw fail(9, `In $convert, numeric value for 'to' does not correspond to a BSON type: ${number}`)
  return { type: number, subtype }
}

function convert(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['input', 'to'], ['onError', 'onNull', 'format', 'byteOrder'])
  const part = (key: string): Expression => scope.compile(given[key] ?? null, scope)
  const input = part('input')
  const to = part('to')
  const onError = 'onError' in given ? part('onError') : undefined
  const onNull = part('onNull')
  const format = part('format')
  return (root, variables) => {
    const value = input(root, variables)
    const target = targetOf(to(root, variables))
    if (isNullish(value)) return onNull(root, variables)
    if (!target) return null
    const form = binaryFormat(format(root, variables))
    try {
      return convertTo(target.type, value, form, target.subtype)
    } catch (error) {
      if (onError && error instanceof CommandError && error.code === 241) return onError(root, variables)
      throw error
    }
  }
}

function shorthand(type: number, subtype = 0, format?: BinaryFormat): OperatorCompiler {
  return (operand, scope) => {
    const list: unknown[] = Array.isArray(operand) ? operand : [operand]
    if (list.length !== 1) throw fail(50723, `a conversion takes a single argument, but got ${list.length}`)
    const input = scope.compile(list[0], scope)
    return (root, variables) => {
      const value = input(root, variables)
      return isNullish(value) ? null : convertTo(type, value, format, new Int32(subtype))
    }
  }
}

export const convertOperators: OperatorTable = {
  $convert: convert,
  $toBool: shorthand(bsonType.bool),
  $toDate: shorthand(bsonType.date),
  $toDecimal: shorthand(bsonType.decimal),
  $toDouble: shorthand(bsonType.double),
  $toInt: shorthand(bsonType.int),
  $toLong: shorthand(bsonType.long),
  $toObjectId: shorthand(bsonType.objectId),
  $toString: shorthand(bsonType.string, 0, 'auto'),
  $toUUID: shorthand(bsonType.binData, 4, 'uuid'),
}
