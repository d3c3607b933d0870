import { calculateObjectSize, ObjectId, serialize } from 'bson'
import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { decodeValue } from './decode.ts'
import { nameEnd } from './field-names.ts'
import { BsonType } from './types.ts'
import type { RawDocument } from './types.ts'
import { valueEnd } from './walk.ts'

/** Where one top-level element of a document lies: `bytes[start, end)` with its value at `value`. */
export interface RawElement {
  type: number
  start: number
  value: number
  end: number
}

const ID_NAME = Buffer.from('_id\0', 'latin1')

/**
 * Encodes typed values; undefined is kept as null, as MongoDB's shell and drivers do.
 * @throws CommandError 10334 for more than the library's buffer of 17 MiB takes, which a document may not have anyway
 */
export function encode(document: Document): RawDocument {
  const bytes = serializeOrNothing(document)
  // What does not fit is cut off without an error in some places.
  if (bytes && bytes.length === bytes.readInt32LE(0)) return bytes
  const size = calculateObjectSize(document, { ignoreUndefined: false })
  throw new CommandError(
    10334,
    'BSONObjectTooLarge',
    `BSONObj size: ${size} (0x${size.toString(16).toUpperCase()}) is invalid. Size must be between 0 and 16793600(16MB)`,
  )
}

function serializeOrNothing(document: Document): RawDocument | undefined {
  try {
    return Buffer.from(serialize(document, { ignoreUndefined: false }))
  } catch (error) {
    if ((error as Error).name === 'RangeError') return undefined
    throw error
  }
}

/** A copy of a document in memory that is not ours to keep. */
export function copyOf(bytes: RawDocument): RawDocument {
  const copy = Buffer.allocUnsafe(bytes.readInt32LE(0))
  bytes.copy(copy, 0, 0, copy.length)
  return copy
}

/** The element called `name` (latin1, with its NUL) at the top level, or undefined. */
function findElement(bytes: RawDocument, name: Buffer): RawElement | undefined {
  const end = bytes.readInt32LE(0) - 1
  let position = 4
  while (position < end) {
    const type = bytes[position] as number
    const stop = nameEnd(bytes, position + 1) + 1
    const after = valueEnd(bytes, type, stop)
    if (stop - position - 1 === name.length && bytes.compare(name, 0, name.length, position + 1, stop) === 0)
      return { type, start: position, value: stop, end: after }
    position = after
  }
  return undefined
}

/** The documents in a top-level array field, as bytes; undefined when the field is no array of documents. */
export function rawDocuments(bytes: RawDocument, name: string): RawDocument[] | undefined {
  const array = findElement(bytes, Buffer.from(`${name}\0`))
  if (array?.type !== BsonType.array) return undefined
  const documents: RawDocument[] = []
  let position = array.value + 4
  while (position < array.end - 1) {
    if (bytes[position] !== BsonType.object) return undefined
    const start = nameEnd(bytes, position + 1) + 1
    position = valueEnd(bytes, BsonType.object, start)
    documents.push(bytes.subarray(start, position))
  }
  return documents
}

/** The typed `_id` of a stored document. */
export function documentId(bytes: RawDocument): unknown {
  const element = findElement(bytes, ID_NAME)
  return element && decodeValue(bytes, element.type, element.value, element.end)
}

/** A document that holds only `_id`, copied from a stored one: the document key of change events. */
export function idDocument(bytes: RawDocument): RawDocument {
  const element = findElement(bytes, ID_NAME)
  return element ? frame([bytes.subarray(element.start, element.end)]) : frame([])
}

export function frame(elements: readonly Uint8Array[]): RawDocument {
  const size = elements.reduce((sum, element) => sum + element.length, 5)
  const document = Buffer.allocUnsafe(size)
  document.writeInt32LE(size, 0)
  let position = 4
  for (const element of elements) {
    document.set(element, position)
    position += element.length
  }
  document[position] = 0
  return document
}

function newIdElement(): Buffer {
  return Buffer.concat([Buffer.of(BsonType.objectId), ID_NAME, new ObjectId().id])
}

/** Whether `_id` is the first field. */
export function beginsWithId(bytes: RawDocument): boolean {
  return bytes.length > 8 && bytes[5] === 0x5f && bytes[6] === 0x69 && bytes[7] === 0x64 && bytes[8] === 0
}

/** The document with `_id` as its first field: unchanged bytes when it is there, else moved, or made as an ObjectId. */
export function withIdFirst(bytes: RawDocument): RawDocument {
  if (beginsWithId(bytes)) return bytes
  const element = findElement(bytes, ID_NAME)
  if (!element) return frame([newIdElement(), bytes.subarray(4, bytes.length - 1)])
  return frame([
    bytes.subarray(element.start, element.end),
    bytes.subarray(4, element.start),
    bytes.subarray(element.end, bytes.length - 1),
  ])
}
