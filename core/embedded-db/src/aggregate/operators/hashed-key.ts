import { createHash, type Hash } from 'node:crypto'
import { Decimal128, Long } from 'bson'
import { decodeValue } from '../../bson/decode.ts'
import { nameEnd } from '../../bson/field-names.ts'
import { encode } from '../../bson/raw.ts'
import { BsonType } from '../../bson/types.ts'
import { valueEnd } from '../../bson/walk.ts'
import { typeBracket } from '../../values/compare.ts'
import { isNumeric, type NumericValue, toNumber } from '../../values/number.ts'

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

/** Numbers of all types hash as the whole number that they are cut to. */
function wholeNumber(value: NumericValue): Buffer {
  const number = Math.trunc(value instanceof Decimal128 ? Number(value.toString()) : toNumber(value))
  const long = value instanceof Long ? value : Number.isNaN(number) ? Long.ZERO : Long.fromNumber(number)
  return Buffer.from(long.toBytesLE())
}

/** Adds the elements of an encoded document: for each its type's rank, its name unless it is the whole, and its value. */
function addElements(hash: Hash, bytes: Buffer, named: boolean): void {
  let position = 4
  while (position < bytes.length - 1) {
    const type = bytes[position] as number
    const start = nameEnd(bytes, position + 1) + 1
    const end = valueEnd(bytes, type, start)
    const value = decodeValue(bytes, type, start, end)
    hash.update(int32(typeBracket(value)))
    if (named) hash.update(bytes.subarray(position + 1, start))
    if (type === BsonType.object || type === BsonType.array) {
      addElements(hash, bytes.subarray(start, end), true)
      // The end of the document is an element of its own, of rank 0.
      hash.update(int32(0))
    } else hash.update(isNumeric(value) ? wholeNumber(value) : bytes.subarray(start, end))
    position = end
  }
}

/** The number under which a hashed index of MongoDB keeps a value: the first half of an MD5 sum. */
export function hashedIndexKey(value: unknown): Long {
  const hash = createHash('md5').update(int32(0))
  addElements(hash, encode({ '': value ?? null }), false)
  return Long.fromBytesLE([...hash.digest().subarray(0, 8)])
}
