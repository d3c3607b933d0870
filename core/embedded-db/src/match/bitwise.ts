import { Binary, Long } from 'bson'
import { CommandError } from '../errors.ts'
import { binaryParts } from '../values/compare.ts'
import { isNumeric, type NumericValue, toDecimal, toNumber } from '../values/number.ts'
import { bsonType, typeOf } from '../values/types.ts'
import { type FieldPredicate, leafPredicate } from './predicate.ts'

/** The 64-bit two's complement of an integral number; undefined for a fraction or one out of range. */
function integerBits(value: NumericValue): bigint | undefined {
  if (value instanceof Long) return value.toBigInt()
  if (typeOf(value) === bsonType.decimal) {
    const decimal = toDecimal(value)
    return decimal.isInteger() && decimal.abs().lt('9.3e18') ? BigInt(decimal.toFixed()) : undefined
  }
  const number = toNumber(value)
  return Number.isInteger(number) && Math.abs(number) < 2 ** 63 ? BigInt(number) : undefined
}

function maskOperand(operator: string, operand: unknown): bigint {
  if (Array.isArray(operand)) {
    return (operand as unknown[]).reduce<bigint>((mask, item) => {
      const position = isNumeric(item) ? toNumber(item) : Number.NaN
      if (!Number.isInteger(position) || position < 0)
        throw new CommandError(
          2,
          'BadValue',
          `Failed to parse bit position. Expected a non-negative integer in: ${operator}`,
        )
      return mask | (1n << BigInt(position))
    }, 0n)
  }
  if (isNumeric(operand)) {
    const mask = integerBits(operand)
    if (mask === undefined || mask < 0n)
      throw new CommandError(9, 'FailedToParse', `Expected a non-negative number in: ${operator}`)
    return mask
  }
  if (operand instanceof Binary || operand instanceof Uint8Array) return bytesToBits(binaryParts(operand).bytes)
  throw new CommandError(
    2,
    'BadValue',
    `${operator} takes an Array, a number, or a BinData but received: ${String(operand)}`,
  )
}

function bytesToBits(bytes: Uint8Array): bigint {
  let bits = 0n
  for (let i = bytes.length - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[i] as number)
  return bits
}

/** Numbers are sign-extended without end, binary data zero-extended. */
function bitsOf(value: unknown): bigint | undefined {
  if (isNumeric(value)) return integerBits(value)
  return typeOf(value) === bsonType.binData ? bytesToBits(binaryParts(value as Binary).bytes) : undefined
}

function bitPredicate(operator: string, accept: (set: bigint, mask: bigint) => boolean) {
  return (operand: unknown): FieldPredicate => {
    const mask = maskOperand(operator, operand)
    return leafPredicate((value) => {
      const bits = bitsOf(value)
      return bits !== undefined && accept(bits & mask, mask)
    })
  }
}

export const bitwiseOperators = {
  $bitsAllSet: bitPredicate('$bitsAllSet', (set, mask) => set === mask),
  $bitsAllClear: bitPredicate('$bitsAllClear', (set) => set === 0n),
  $bitsAnySet: bitPredicate('$bitsAnySet', (set) => set !== 0n),
  $bitsAnyClear: bitPredicate('$bitsAnyClear', (set, mask) => set !== mask),
}
