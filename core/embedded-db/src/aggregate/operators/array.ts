import { Int32 } from 'bson'
import { compareValues } from '../../values/compare.ts'
import { hashKey } from '../../values/hash-key.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { setField } from '../../values/document.ts'
import { isObject, typeName } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import type { Expression, Scope } from '../scope.ts'
import { binary, compileArguments, fail, isNullish, type OperatorTable, unary, variadic } from './define.ts'

/** An integer argument that fits 32 bits; any numeric type. `code` is for what is no number, `otherCode` for a number that does not fit. */
function integerArgument(value: unknown, code: number, message: string, otherCode = code): number {
  if (!isNumeric(value)) throw fail(code, `${message}, but got ${typeName(value)}`)
  const number = toNumber(value)
  if (!Number.isInteger(number) || number < -0x80000000 || number > 0x7fffffff)
    throw fail(otherCode, `${message}, but got ${number}`)
  return number
}

function elementAt(array: unknown, index: unknown): unknown {
  if (isNullish(array) || isNullish(index)) return null
  if (!Array.isArray(array))
    throw fail(28689, `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`)
  if (!isNumeric(index))
    throw fail(28690, `$arrayElemAt's second argument must be a numeric value, but is ${typeName(index)}`)
  const at = integerArgument(index, 28691, `$arrayElemAt's second argument must be representable as a 32-bit integer`)
  return (array as unknown[])[at < 0 ? array.length + at : at]
}

function edge(name: string, read: (items: unknown[]) => unknown) {
  return unary((value) => {
    if (isNullish(value)) return null
    if (!Array.isArray(value)) throw fail(28689, `${name}'s argument must be an array, but is ${typeName(value)}`)
    return read(value as unknown[])
  })
}

function slice(values: unknown[]): unknown {
  const [array, first, second] = values
  if (isNullish(array) || values.slice(1).some(isNullish)) return null
  if (!Array.isArray(array))
    throw fail(28724, `First argument to $slice must be an array, but is of type: ${typeName(array)}`)
  const a = integerArgument(first, 28725, `Second argument to $slice must be a 32-bit integer`, 28726)
  if (values.length === 2) return a < 0 ? array.slice(Math.max(array.length + a, 0)) : array.slice(0, a)
  const count = integerArgument(second, 28727, `Third argument to $slice must be a 32-bit integer`, 28728)
  if (count <= 0) throw fail(28729, `Third argument to $slice must be positive: ${count}`)
  const start = a < 0 ? Math.max(array.length + a, 0) : a
  return array.slice(start, start + count)
}

function concatArrays(values: unknown[]): unknown {
  const result: unknown[] = []
  for (const value of values) {
    if (isNullish(value)) return null
    if (!Array.isArray(value)) throw fail(28664, `$concatArrays only supports arrays, not ${typeName(value)}`)
    for (const item of value as unknown[]) result.push(item)
  }
  return result
}

function contains(value: unknown, array: unknown, collator: Scope['collator']): boolean {
  if (!Array.isArray(array)) throw fail(40081, `$in requires an array as a second argument, found: ${typeName(array)}`)
  return array.some((item) => compareValues(item, value, collator) === 0)
}

/** A constant list is searched by hash. */
function inArray(operand: unknown, scope: Scope, name: string): Expression {
  const [value, array] = compileArguments(operand, scope, name, 2, 2) as [Expression, Expression]
  const list = constantOf(array)
  if (Array.isArray(list?.value)) {
    const keys = new Set((list.value as unknown[]).map((item) => hashKey(item, scope.collator)))
    return (root, variables) => keys.has(hashKey(value(root, variables), scope.collator))
  }
  return (root, variables) => contains(value(root, variables), array(root, variables), scope.collator)
}

function indexOfArray(values: unknown[], collator: Scope['collator']): unknown {
  const [array, wanted, from, to] = values
  if (isNullish(array)) return null
  if (!Array.isArray(array))
    throw fail(40090, `$indexOfArray requires an array as a first argument, found: ${typeName(array)}`)
  const bound = (value: unknown): number => {
    const number = integerArgument(value, 40096, '$indexOfArray requires an integral starting or ending index')
    if (number < 0) throw fail(40097, `$indexOfArray requires a nonnegative starting or ending index, found: ${number}`)
    return number
  }
  const end = Math.min(values.length > 3 ? bound(to) : array.length, array.length)
  for (let i = values.length > 2 ? bound(from) : 0; i < end; i++)
    if (compareValues(array[i], wanted, collator) === 0) return new Int32(i)
  return new Int32(-1)
}

const maxRange = 10_000_000

function range(values: unknown[]): unknown {
  const start = integerArgument(
    values[0],
    34443,
    '$range requires a numeric starting value that is a 32-bit integer',
    34444,
  )
  const end = integerArgument(
    values[1],
    34445,
    '$range requires a numeric ending value that is a 32-bit integer',
    34446,
  )
  const step =
    values.length > 2
      ? integerArgument(values[2], 34447, '$range requires a numeric step value that is a 32-bit integer', 34448)
      : 1
  if (step === 0) throw fail(34449, '$range requires a non-zero step value')
  if (Math.abs((end - start) / step) > maxRange) throw fail(146, '$range would use too much memory')
  const result: Int32[] = []
  for (let value = start; step > 0 ? value < end : value > end; value += step) result.push(new Int32(value))
  return result
}

function keyName(key: string, code: number): string {
  if (key.includes('\0')) throw fail(code, 'Key field cannot contain an embedded null byte')
  return key
}

function arrayToObject(value: unknown): unknown {
  if (isNullish(value)) return null
  if (!Array.isArray(value)) throw fail(40386, `$arrayToObject requires an array input, found: ${typeName(value)}`)
  const document = {}
  const pairs = Array.isArray(value[0])
  for (const item of value as unknown[]) {
    if (Array.isArray(item) !== pairs && (Array.isArray(item) || isObject(item) || pairs))
      throw fail(
        pairs ? 40396 : 40391,
        `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects, now found: ${typeName(item)}`,
      )
    if (Array.isArray(item)) {
      if (item.length !== 2)
        throw fail(
          40397,
          '$arrayToObject requires an array of size 2 arrays,found array of size: ' + String(item.length),
        )
      if (typeof item[0] !== 'string')
        throw fail(
          40395,
          `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(item[0])}`,
        )
      setField(document, keyName(item[0], 4940400), item[1])
    } else if (isObject(item)) {
      const keys = Object.keys(item)
      if (keys.length !== 2)
        throw fail(
          40392,
          `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${keys.length}`,
        )
      if (!('k' in item) || !('v' in item))
        throw fail(40393, "$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys")
      if (typeof item.k !== 'string')
        throw fail(
          40394,
          `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(item.k)}`,
        )
      setField(document, keyName(item.k, 4940401), item.v)
    } else throw fail(40398, `Unrecognised input type format for $arrayToObject: ${typeName(item)}`)
  }
  return document
}

function size(value: unknown): unknown {
  if (!Array.isArray(value))
    throw fail(17124, `The argument to $size must be an array, but was of type: ${typeName(value)}`)
  return new Int32(value.length)
}

export const arrayOperators: OperatorTable = {
  $arrayElemAt: binary(elementAt),
  $first: edge('$first', (items) => items[0]),
  $last: edge('$last', (items) => items.at(-1)),
  $size: unary(size),
  $slice: variadic(2, 3, slice),
  $concatArrays: variadic(0, Infinity, concatArrays),
  $in: inArray,
  $indexOfArray: variadic(2, 4, indexOfArray),
  $range: variadic(2, 3, range),
  $reverseArray: unary((value) => {
    if (isNullish(value)) return null
    if (!Array.isArray(value))
      throw fail(34435, `The argument to $reverseArray must be an array, but was of type: ${typeName(value)}`)
    return value.toReversed()
  }),
  $arrayToObject: unary(arrayToObject),
}
