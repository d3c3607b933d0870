import { EJSON } from 'bson'
import type { Binary } from 'bson'
import { decodeValue } from '../bson/decode.ts'
import { nameEnd } from '../bson/field-names.ts'
import { BsonType } from '../bson/types.ts'
import type { RawDocument } from '../bson/types.ts'
import { valueEnd } from '../bson/walk.ts'
import { TYPE_KEYS } from './ejson-names.ts'

/** A document that Extended JSON cannot tell from a typed value. */
class AmbiguousDocument extends Error {}

/**
 * Canonical Extended JSON of a stored document, straight from its bytes: every type and the order of all fields survive,
 * which a JavaScript object between would not grant for names like "10".
 * @throws AmbiguousDocument for a document with a field such as `$date` that is data, not a type
 */
export function ejsonOf(bytes: RawDocument, offset = 0): string {
  const fields: string[] = []
  for (const { type, name, value, end } of elements(bytes, offset)) {
    if (fields.length === 0 && TYPE_KEYS.has(name))
      throw new AmbiguousDocument(`a field is called ${name}, which Extended JSON reads as a type`)
    fields.push(`${JSON.stringify(name)}:${valueText(bytes, type, value, end)}`)
  }
  return `{${fields.join(',')}}`
}

function* elements(bytes: RawDocument, offset: number) {
  const last = offset + bytes.readInt32LE(offset) - 1
  for (let position = offset + 4; position < last;) {
    const type = bytes[position] as number
    const nameStop = nameEnd(bytes, position + 1)
    const name = bytes.toString('utf8', position + 1, nameStop)
    const value = nameStop + 1
    position = valueEnd(bytes, type, value)
    yield { type, name, value, end: position }
  }
}

function valueText(bytes: RawDocument, type: number, offset: number, end: number): string {
  switch (type) {
    case BsonType.object:
      return ejsonOf(bytes, offset)
    case BsonType.array:
      return `[${[...elements(bytes, offset)].map((one) => valueText(bytes, one.type, one.value, one.end)).join(',')}]`
    case BsonType.int32:
      return `{"$numberInt":"${bytes.readInt32LE(offset)}"}`
    case BsonType.date:
      return `{"$date":{"$numberLong":"${bytes.readBigInt64LE(offset)}"}}`
    case BsonType.undefined:
      return '{"$undefined":true}'
    case BsonType.dbPointer: {
      const ref = bytes.toString('utf8', offset + 4, end - 13)
      return `{"$dbPointer":{"$ref":${JSON.stringify(ref)},"$id":{"$oid":"${bytes.toString('hex', end - 12, end)}"}}}`
    }
    case BsonType.codeWithScope: {
      const scope = valueEnd(bytes, BsonType.string, offset + 4)
      const code = JSON.stringify(bytes.toString('utf8', offset + 8, scope - 1))
      return `{"$code":${code},"$scope":${ejsonOf(bytes, scope)}}`
    }
    case BsonType.binData: {
      const binary = decodeValue(bytes, type, offset, end) as Binary
      const subType = binary.sub_type.toString(16).padStart(2, '0')
      return `{"$binary":{"base64":"${binary.toString('base64')}","subType":"${subType}"}}`
    }
    default:
      return EJSON.stringify(decodeValue(bytes, type, offset, end), { relaxed: false })
  }
}
