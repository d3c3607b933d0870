import { Int32 } from 'bson'
import { compareStrings } from '../../values/compare.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { typeName } from '../../values/types.ts'
import { binary, fail, isNullish, named, type OperatorCompiler, type OperatorTable, unary, variadic } from './define.ts'
import { coerceToText } from './text.ts'

function concat(values: unknown[]): unknown {
  let text = ''
  for (const value of values) {
    if (isNullish(value)) return null
    if (typeof value !== 'string') throw fail(16702, `$concat only supports strings, not ${typeName(value)}`)
    text += value
  }
  return text
}

/** Only ASCII letters change, as in MongoDB. */
function changeCase(name: string, pattern: RegExp, change: (letter: string) => string): OperatorCompiler {
  return unary((value) => coerceToText(value, name).replace(pattern, change))
}

function position(value: unknown, code: number, message: string): number {
  if (!isNumeric(value)) throw fail(code, `${message} (is BSON type ${typeName(value)})`)
  return Math.trunc(toNumber(value))
}

function isIntegral(value: unknown): boolean {
  return isNumeric(value) && Number.isInteger(toNumber(value))
}

function substringBytes(values: unknown[]): unknown {
  const [input, from, count] = values
  const bytes = Buffer.from(coerceToText(input, '$substrBytes'))
  const start = position(from, 16034, '$substrBytes:  starting index must be a numeric type')
  const length = position(count, 16035, '$substrBytes:  length must be a numeric type')
  if (start < 0) throw fail(50752, `$substrBytes:  starting index must be non-negative (got: ${start})`)
  if (start >= bytes.length) return ''
  const end = length < 0 ? bytes.length : Math.min(start + length, bytes.length)
  const continues = (at: number): boolean => at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80
  if (continues(start)) throw fail(28656, '$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.')
  if (continues(end))
    throw fail(28657, '$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.')
  return bytes.toString('utf8', start, end)
}

function substringCodePoints(values: unknown[]): unknown {
  const [input, from, count] = values
  const points = [...coerceToText(input, '$substrCP')]
  const start = position(from, 34450, '$substrCP: starting index must be a numeric type')
  const length = position(count, 34452, '$substrCP: length must be a numeric type')
  if (!isIntegral(from)) throw fail(34451, '$substrCP: starting index cannot be represented as a 32-bit integral value')
  if (!isIntegral(count)) throw fail(34453, '$substrCP: length cannot be represented as a 32-bit integral value')
  if (start < 0) throw fail(34455, `$substrCP: the starting index must be nonnegative integer.`)
  if (length < 0) throw fail(34454, `$substrCP: length must be a nonnegative integer.`)
  return points.slice(start, start + length).join('')
}

function lengthOf(name: string, code: number, measure: (text: string) => number): OperatorCompiler {
  return unary((value) => {
    if (typeof value !== 'string') throw fail(code, `${name} requires a string argument, found: ${typeName(value)}`)
    return new Int32(measure(value))
  })
}

/** Positions count in units: bytes or code points. */
function indexOf(
  name: string,
  codes: readonly [number, number],
  split: (text: string) => ArrayLike<string | number>,
): OperatorCompiler {
  return variadic(2, 4, (values) => {
    const [input, token, from, to] = values
    if (isNullish(input)) return null
    if (typeof input !== 'string')
      throw fail(codes[0], `${name} requires a string as the first argument, found: ${typeName(input)}`)
    if (typeof token !== 'string')
      throw fail(codes[1], `${name} requires a string as the second argument, found: ${typeName(token)}`)
    const bound = (value: unknown): number | undefined => {
      if (value === undefined) return undefined
      const number = isNumeric(value) ? toNumber(value) : Number.NaN
      if (!Number.isInteger(number))
        throw fail(40096, `${name} requires an integral bound, found a value of type: ${typeName(value)}`)
      if (number < 0) throw fail(40097, `${name} requires a nonnegative bound, found: ${number}`)
      return number
    }
    const units = split(input)
    const wanted = split(token)
    const start = bound(from) ?? 0
    const end = Math.min(bound(to) ?? units.length, units.length)
    for (let at = start; at + wanted.length <= end; at++) {
      let k = 0
      while (k < wanted.length && units[at + k] === wanted[k]) k++
      if (k === wanted.length) return new Int32(at)
    }
    return new Int32(-1)
  })
}

function split(input: unknown, separator: unknown): unknown {
  if (isNullish(input) || isNullish(separator)) return null
  if (typeof input !== 'string')
    throw fail(
      40085,
      `$split requires an expression that evaluates to a string as a first argument, found: ${typeName(input)}`,
    )
  if (typeof separator !== 'string')
    throw fail(
      40086,
      `$split requires an expression that evaluates to a string as a second argument, found: ${typeName(separator)}`,
    )
  if (separator === '') throw fail(40087, '$split requires a non-empty separator')
  return input.split(separator)
}

// The code points that MongoDB trims by default (its documentation's "Whitespace Characters").
const whitespace = new Set([
  '\0',
  ' ',
  '\t',
  '\n',
  '\v',
  '\f',
  '\r',
  '\u00a0',
  '\u1680',
  ...Array.from({ length: 11 }, (_, i) => String.fromCharCode(0x2000 + i)),
])

function trim(name: string, left: boolean, right: boolean): OperatorCompiler {
  return named(['input'], ['chars'], ({ input, chars }, present) => {
    if (isNullish(input)) return null
    if (typeof input !== 'string')
      throw fail(50699, `${name} requires its input to be a string, got ${typeName(input)} instead.`)
    if ('chars' in present && isNullish(chars)) return null
    if (chars !== undefined && typeof chars !== 'string')
      throw fail(50700, `${name} requires 'chars' to be a string, got ${typeName(chars)} instead.`)
    const set = chars === undefined ? whitespace : new Set(chars as string)
    const points = [...input]
    let start = 0
    let end = points.length
    if (left) while (start < end && set.has(points[start] as string)) start++
    if (right) while (end > start && set.has(points[end - 1] as string)) end--
    return points.slice(start, end).join('')
  })
}

function replace(name: string, all: boolean): OperatorCompiler {
  return named(['input', 'find', 'replacement'], [], ({ input, find, replacement }) => {
    for (const [key, value, code] of [
      ['input', input, 51746],
      ['find', find, 51745],
      ['replacement', replacement, 51744],
    ] as const) {
      if (!isNullish(value) && typeof value !== 'string')
        throw fail(code, `${name} requires that '${key}' be a string, found: ${typeName(value)}`)
    }
    if (isNullish(input) || isNullish(find) || isNullish(replacement)) return null
    const by = (): string => replacement as string
    return all ? (input as string).replaceAll(find as string, by) : (input as string).replace(find as string, by)
  })
}

function compareIgnoringCase(a: unknown, b: unknown): unknown {
  const upper = (value: unknown): string =>
    coerceToText(value, '$strcasecmp').replace(/[a-z]+/g, (letters) => letters.toUpperCase())
  return new Int32(compareStrings(upper(a), upper(b)))
}

export const stringOperators: OperatorTable = {
  $concat: variadic(0, Infinity, concat),
  $toLower: changeCase('$toLower', /[A-Z]+/g, (letters) => letters.toLowerCase()),
  $toUpper: changeCase('$toUpper', /[a-z]+/g, (letters) => letters.toUpperCase()),
  $substr: variadic(3, 3, substringBytes),
  $substrBytes: variadic(3, 3, substringBytes),
  $substrCP: variadic(3, 3, substringCodePoints),
  $strLenBytes: lengthOf('$strLenBytes', 34473, (text) => Buffer.byteLength(text)),
  $strLenCP: lengthOf('$strLenCP', 34471, (text) => [...text].length),
  $strcasecmp: binary(compareIgnoringCase),
  $indexOfBytes: indexOf('$indexOfBytes', [40091, 40092], (text) => Buffer.from(text)),
  $indexOfCP: indexOf('$indexOfCP', [40093, 40094], (text) => [...text]),
  $split: binary(split),
  $trim: trim('$trim', true, true),
  $ltrim: trim('$ltrim', true, false),
  $rtrim: trim('$rtrim', false, true),
  $replaceOne: replace('$replaceOne', false),
  $replaceAll: replace('$replaceAll', true),
}
