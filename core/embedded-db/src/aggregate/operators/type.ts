import { calculateObjectSize, Int32, Long, Timestamp } from 'bson'
import { binaryParts } from '../../values/compare.ts'
import { isNumeric } from '../../values/number.ts'
import { bsonType, typeName, typeOf } from '../../values/types.ts'
import { fail, isNullish, type OperatorTable, unary } from './define.ts'
import { hashedIndexKey } from './hashed-key.ts'

function timestampPart(name: string, code: number, read: (value: Timestamp) => number) {
  return unary((value) => {
    if (isNullish(value)) return null
    if (!(value instanceof Timestamp))
      throw fail(code, `${name} requires argument of type timestamp, found ${typeName(value)}`)
    return Long.fromNumber(read(value))
  })
}

export const typeOperators: OperatorTable = {
  $type: unary((value) => typeName(value)),
  $isNumber: unary(isNumeric),
  $isArray: unary(Array.isArray),
  $binarySize: unary((value) => {
    if (isNullish(value)) return null
    if (typeof value === 'string') return new Int32(Buffer.byteLength(value))
    if (typeOf(value) === bsonType.binData) return new Int32(binaryParts(value as Uint8Array).bytes.length)
    throw fail(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`)
  }),
  $bsonSize: unary((value) => {
    if (isNullish(value)) return null
    if (typeOf(value) !== bsonType.object)
      throw fail(31393, `$bsonSize requires a document input, found: ${typeName(value)}`)
    return new Int32(calculateObjectSize(value as object, { ignoreUndefined: true }))
  }),
  $toHashedIndexKey: unary((value) => hashedIndexKey(value)),
  $tsSecond: timestampPart('$tsSecond', 5687301, (value) => value.getHighBitsUnsigned()),
  $tsIncrement: timestampPart('$tsIncrement', 5687302, (value) => value.getLowBitsUnsigned()),
}
