import type { NumericValue } from '../values/number.ts'
import { Decimal128, Double, Int32, Long, type Document } from 'bson'
import { CommandError } from '../errors.ts'
import { add, multiply, type NumericResult } from '../values/arithmetic.ts'
import { compareValues } from '../values/compare.ts'
import { describe } from '../values/document.ts'
import { isNumeric } from '../values/number.ts'
import { bsonType, isObject, typeName, typeOf } from '../values/types.ts'
import { type ApplyContext, creating, existing, type OperatorCompiler, removed } from './mutation.ts'

function documentId(context: ApplyContext): string {
  return `{_id: ${describe(context.original._id)}}`
}

/** $inc and $mul: the arithmetic of MongoDB's type promotion, where 64 bits must not overflow. */
function arithmetic(name: '$inc' | '$mul'): OperatorCompiler {
  const verb = name === '$inc' ? 'increment' : 'multiply'
  return (operand, path) => {
    if (!isNumeric(operand))
      throw new CommandError(
        14,
        'TypeMismatch',
        `Cannot ${verb} with non-numeric argument: {${path}: ${describe(operand)}}`,
      )
    return creating((current, context) => {
      if (current === undefined) return name === '$inc' ? operand : zeroLike(operand)
      if (!isNumeric(current)) {
        throw new CommandError(
          14,
          'TypeMismatch',
          `Cannot apply ${name} to a value of non-numeric type. ${documentId(context)} has the field '${path.split('.').at(-1) ?? path}' of non-numeric type ${typeName(current)}`,
        )
      }
      const overflow = (): NumericResult => {
        throw new CommandError(
          2,
          'BadValue',
          `Failed to apply ${name} operations to current value ((NumberLong)${current.toString()}) for document ${documentId(context)}`,
        )
      }
      return name === '$inc' ? add(current, operand, overflow) : multiply(current, operand, overflow)
    })
  }
}

/** The zero of the operand's type, which $mul gives a missing field. */
function zeroLike(value: NumericValue): NumericResult {
  switch (typeOf(value)) {
    case bsonType.int:
      return new Int32(0)
    case bsonType.long:
      return Long.ZERO
    case bsonType.decimal:
      return Decimal128.fromString('0')
    default:
      return new Double(0)
  }
}

function extreme(direction: 1 | -1): OperatorCompiler {
  return (operand, _path, { collator }) =>
    creating((current) =>
      current === undefined || compareValues(operand, current, collator) * direction < 0 ? operand : current,
    )
}

function currentDate(operand: unknown, path: string): ReturnType<OperatorCompiler> {
  const kind: unknown = typeof operand === 'boolean' ? 'date' : isObject(operand) ? operand.$type : undefined
  if (isObject(operand)) {
    const unknown = Object.keys(operand).find((key) => key !== '$type')
    if (unknown !== undefined) throw new CommandError(2, 'BadValue', `Unrecognized $currentDate option: ${unknown}`)
    if (kind !== 'date' && kind !== 'timestamp')
      throw new CommandError(
        2,
        'BadValue',
        "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
      )
  }
  if (kind === undefined) {
    throw new CommandError(
      2,
      'BadValue',
      `${typeName(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}). (field ${path})`,
    )
  }
  return creating((_current, context) => (kind === 'date' ? context.now : context.clusterTime))
}

function bit(operand: unknown, path: string): ReturnType<OperatorCompiler> {
  if (!isObject(operand))
    throw new CommandError(
      2,
      'BadValue',
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    )
  const steps = Object.entries(operand as Document).map(([name, argument]: [string, unknown]): BitStep => {
    if (name !== 'and' && name !== 'or' && name !== 'xor')
      throw new CommandError(
        2,
        'BadValue',
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${describe(argument)}}`,
      )
    if (!isInteger(argument))
      throw new CommandError(
        2,
        'BadValue',
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(argument)}' is not supported here: {${name}: ${describe(argument)}}`,
      )
    return { name, argument }
  })
  if (steps.length === 0)
    throw new CommandError(
      2,
      'BadValue',
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    )
  return creating((current, context) => {
    const start = current === undefined ? new Int32(0) : current
    if (!isInteger(start))
      throw new CommandError(
        2,
        'BadValue',
        `Cannot apply $bit to a value of non-integral type.${documentId(context)} has the field ${path} of non-integer type ${typeName(start)}`,
      )
    return steps.reduce<Int32 | Long>((value, { name, argument }) => combineBits(name, value, argument), start)
  })
}

interface BitStep {
  name: 'and' | 'or' | 'xor'
  argument: Int32 | Long
}

function isInteger(value: unknown): value is Int32 | Long {
  const type = typeOf(value)
  return type === bsonType.int || type === bsonType.long
}

function combineBits(name: 'and' | 'or' | 'xor', a: Int32 | Long, b: Int32 | Long): Int32 | Long {
  const x = Long.fromString(a.toString())
  const result = x[name](Long.fromString(b.toString()))
  return typeOf(a) === bsonType.int && typeOf(b) === bsonType.int ? new Int32(result.toInt()) : result
}

export const fieldOperators: Record<string, OperatorCompiler> = {
  $set: (operand) => creating(() => operand),
  $setOnInsert: (operand) => ({
    creates: true,
    onlyInserts: true,
    apply: (current, context) => (context.inserting ? operand : current),
  }),
  $unset: () => existing(() => removed),
  $inc: arithmetic('$inc'),
  $mul: arithmetic('$mul'),
  $min: extreme(1),
  $max: extreme(-1),
  $currentDate: currentDate,
  $bit: bit,
}
