import { CommandError } from '../errors.ts'
import { nameEnd } from './field-names.ts'
import { BsonType } from './types.ts'

/** As MongoDB: a document nested deeper than this is refused. */
export const MAX_DEPTH = 180

function invalid(reason: string): CommandError {
  return new CommandError(22, 'InvalidBSON', `Invalid BSON: ${reason}`)
}

/** The offset just after the value of `type` that begins at `offset`. The bytes must have been checked by `checkDocument`. */
export function valueEnd(bytes: Buffer, type: number, offset: number): number {
  switch (type) {
    case BsonType.double:
    case BsonType.date:
    case BsonType.timestamp:
    case BsonType.int64:
      return offset + 8
    case BsonType.string:
    case BsonType.code:
    case BsonType.symbol:
      return offset + 4 + bytes.readInt32LE(offset)
    case BsonType.object:
    case BsonType.array:
    case BsonType.codeWithScope:
      return offset + bytes.readInt32LE(offset)
    case BsonType.binData:
      return offset + 5 + bytes.readInt32LE(offset)
    case BsonType.objectId:
      return offset + 12
    case BsonType.bool:
      return offset + 1
    case BsonType.regex:
      return nameEnd(bytes, nameEnd(bytes, offset) + 1) + 1
    case BsonType.dbPointer:
      return offset + 4 + bytes.readInt32LE(offset) + 12
    case BsonType.int32:
      return offset + 4
    case BsonType.decimal128:
      return offset + 16
    case BsonType.undefined:
    case BsonType.null:
    case BsonType.minKey:
    case BsonType.maxKey:
      return offset
    default:
      throw invalid(`unknown element type 0x${type.toString(16)}`)
  }
}

function checkedNameEnd(bytes: Buffer, start: number, limit: number): number {
  let end = start
  while (end < limit && bytes[end] !== 0) end++
  if (end >= limit) throw invalid('a name is not terminated')
  return end
}

function checkString(bytes: Buffer, offset: number, limit: number): number {
  if (offset + 4 > limit) throw invalid('a string ends outside its document')
  const length = bytes.readInt32LE(offset)
  const end = offset + 4 + length
  if (length < 1 || end > limit || bytes[end - 1] !== 0) throw invalid('a string has a wrong length')
  return end
}

function checkValue(bytes: Buffer, type: number, offset: number, limit: number, depth: number): number {
  switch (type) {
    case BsonType.object:
    case BsonType.array:
      return checkDocument(bytes, offset, limit, depth + 1)
    case BsonType.string:
    case BsonType.code:
    case BsonType.symbol:
      return checkString(bytes, offset, limit)
    case BsonType.codeWithScope: {
      if (offset + 14 > limit) throw invalid('code with scope ends outside its document')
      const end = offset + bytes.readInt32LE(offset)
      const scope = checkString(bytes, offset + 4, limit)
      if (checkDocument(bytes, scope, limit, depth + 1) !== end) throw invalid('code with scope has a wrong length')
      return end
    }
    case BsonType.binData:
      if (offset + 5 > limit || bytes.readInt32LE(offset) < 0) throw invalid('binary data has a wrong length')
      break
    case BsonType.regex:
      return checkedNameEnd(bytes, checkedNameEnd(bytes, offset, limit) + 1, limit) + 1
    case BsonType.dbPointer:
      checkString(bytes, offset, limit)
      break
    case BsonType.bool:
      if ((bytes[offset] as number) > 1) throw invalid('a boolean is neither 0 nor 1')
      break
  }
  const end = valueEnd(bytes, type, offset)
  if (end > limit) throw invalid('a value ends outside its document')
  return end
}

/**
 * Checks the structure of the document at `offset` and returns the offset after it.
 * @throws CommandError 22 when lengths, terminators or types are wrong, or nesting passes {@link MAX_DEPTH}.
 */
export function checkDocument(bytes: Buffer, offset = 0, limit = bytes.length, depth = 0): number {
  const end = checkedEnd(bytes, offset, limit, depth)
  let position = offset + 4
  while (position < end - 1) position = checkElement(bytes, position, end - 1, depth)
  return end
}

/** What of a document is checked in one go. */
const STEP_BYTES = 256 * 1024

/** As {@link checkDocument}, which others need not wait for as a whole: a large document takes several steps. */
export function* checkInSteps(bytes: Buffer, offset: number, limit: number, depth = 0): Generator<void, number> {
  const end = checkedEnd(bytes, offset, limit, depth)
  let position = offset + 4
  let done = position
  while (position < end - 1) {
    const value = containerOf(bytes, position, end - 1)
    if (value !== undefined && isLarge(bytes, value, end - 1))
      position = yield* checkInSteps(bytes, value, end - 1, depth + 1)
    else position = checkElement(bytes, position, end - 1, depth)
    if (position - done < STEP_BYTES) continue
    done = position
    yield
  }
  return end
}

/** Whether the document that begins here is better checked in steps. */
export function isLarge(bytes: Buffer, offset: number, limit: number): boolean {
  return limit - offset > STEP_BYTES && bytes.readInt32LE(offset) > STEP_BYTES
}

/** Where the value of an element begins that is an object or an array. */
function containerOf(bytes: Buffer, position: number, limit: number): number | undefined {
  const type = bytes[position]
  return type === BsonType.object || type === BsonType.array
    ? checkedNameEnd(bytes, position + 1, limit) + 1
    : undefined
}

function checkElement(bytes: Buffer, position: number, limit: number, depth: number): number {
  const type = bytes[position] as number
  if (type === 0) throw invalid('a document ends before its length')
  return checkValue(bytes, type, checkedNameEnd(bytes, position + 1, limit) + 1, limit, depth)
}

function checkedEnd(bytes: Buffer, offset: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new CommandError(15, 'Overflow', `BSON nesting level exceeds ${MAX_DEPTH}`)
  if (offset + 5 > limit) throw invalid('a document ends outside its container')
  const end = offset + bytes.readInt32LE(offset)
  if (end < offset + 5 || end > limit || bytes[end - 1] !== 0) throw invalid('a document has a wrong length')
  return end
}
