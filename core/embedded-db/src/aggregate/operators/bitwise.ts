import { Int32, Long } from 'bson'
import { bsonType, typeName, typeOf } from '../../values/types.ts'
import { fail, isNullish, type OperatorCompiler, type OperatorTable, unary, variadic } from './define.ts'

/** Ints and longs only; one long makes the result long. */
function combine(
  name: string,
  initial: number,
  small: (a: number, b: number) => number,
  wide: (a: Long, b: Long) => Long,
): OperatorCompiler {
  return variadic(0, Infinity, (values) => {
    if (values.some(isNullish)) return null
    let result = Long.fromInt(initial)
    let isLong = false
    for (const value of values) {
      const type = typeOf(value)
      if (type !== bsonType.int && type !== bsonType.long)
        throw fail(14, `${name} only supports int and long operands, not ${typeName(value)}`)
      isLong ||= type === bsonType.long
      result =
        type === bsonType.long
          ? wide(result, value as Long)
          : isLong
            ? wide(result, Long.fromInt(Number(value)))
            : Long.fromInt(small(result.toInt(), Number(value)))
    }
    return isLong ? result : new Int32(result.toInt())
  })
}

function complement(value: unknown): unknown {
  if (isNullish(value)) return null
  const type = typeOf(value)
  if (type === bsonType.int) return new Int32(~Number(value))
  if (type === bsonType.long) return (value as Long).not()
  throw fail(28765, `$bitNot only supports int and long, not: ${typeName(value)}.`)
}

export const bitwiseOperators: OperatorTable = {
  $bitAnd: combine(
    '$bitAnd',
    -1,
    (a, b) => a & b,
    (a, b) => a.and(b),
  ),
  $bitOr: combine(
    '$bitOr',
    0,
    (a, b) => a | b,
    (a, b) => a.or(b),
  ),
  $bitXor: combine(
    '$bitXor',
    0,
    (a, b) => a ^ b,
    (a, b) => a.xor(b),
  ),
  $bitNot: unary(complement),
}
