import type { Timestamp } from 'bson'
import { nameEnd } from './field-names.ts'
import { BsonType } from './types.ts'
import type { RawDocument } from './types.ts'
import { valueEnd } from './walk.ts'

const EMPTY = Buffer.alloc(8)

/** The document with each Timestamp(0, 0) at its top level, other than an `_id`, set to `time`. */
export function stampRaw(bytes: RawDocument, time: Timestamp): RawDocument {
  // Most documents hold no eight zeros in a row, and are not walked.
  if (!bytes.includes(EMPTY)) return bytes
  let stamped: Buffer | undefined
  const end = bytes.readInt32LE(0) - 1
  let position = 4
  while (position < end) {
    const type = bytes[position] as number
    const value = nameEnd(bytes, position + 1) + 1
    const after = valueEnd(bytes, type, value)
    if (type === BsonType.timestamp && bytes.subarray(value, after).equals(EMPTY) && !isId(bytes, position + 1)) {
      stamped ??= Buffer.from(bytes)
      stamped.writeBigUInt64LE(time.toBigInt(), value)
    }
    position = after
  }
  return stamped ?? bytes
}

function isId(bytes: RawDocument, name: number): boolean {
  return bytes.toString('latin1', name, name + 4) === '_id\0'
}
