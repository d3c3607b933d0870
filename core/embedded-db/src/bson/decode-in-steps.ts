import type { Document } from 'bson'
import { assign, decodeValue } from './decode.ts'
import { fieldName, nameEnd } from './field-names.ts'
import { BsonType } from './types.ts'
import { valueEnd } from './walk.ts'

/** What of a document is decoded in one go. */
const STEP_BYTES = 64 * 1024

/** As `decode`, which others need not wait for as a whole: a large document takes several steps. */
export function decodeInSteps(bytes: Buffer): Generator<void, Document> {
  return containerInSteps(bytes, 0, false)
}

function* containerInSteps(bytes: Buffer, offset: number, isArray: boolean): Generator<void, Document> {
  const document: Document = {}
  const items: unknown[] = []
  const end = offset + bytes.readInt32LE(offset) - 1
  let position = offset + 4
  let done = position
  while (position < end) {
    const type = bytes[position] as number
    const name = position + 1
    const stop = nameEnd(bytes, name)
    position = valueEnd(bytes, type, stop + 1)
    const isContainer = type === BsonType.object || type === BsonType.array
    const value: unknown =
      isContainer && position - stop > STEP_BYTES
        ? yield* containerInSteps(bytes, stop + 1, type === BsonType.array)
        : decodeValue(bytes, type, stop + 1, position)
    if (isArray) items.push(value)
    else assign(document, fieldName(bytes, name, stop), value)
    if (position - done < STEP_BYTES) continue
    done = position
    yield
  }
  return isArray ? items : document
}
