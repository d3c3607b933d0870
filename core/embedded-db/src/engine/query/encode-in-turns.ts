import type { Document } from 'bson'
import type { Rests } from '../../aggregate/pacer.ts'
import { encode, frame } from '../../bson/raw.ts'
import { BsonType } from '../../bson/types.ts'
import type { RawDocument } from '../../bson/types.ts'

/** From so many items on an array is encoded in turns. */
const LONG = 1024
/** Items encoded in one go. */
const ITEMS = 128
/** What {@link encode} takes at most. */
const MOST_BYTES = 17 * 1024 * 1024

/** Whether a document is better encoded by {@link encodeInTurns}. */
export function hasLongArray(document: Document): boolean {
  for (const name in document) if (isLongArray(document[name])) return true
  return false
}

function isLongArray(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length >= LONG
}

/** As {@link encode}, while others have their turn between the items of long arrays at the top level. */
export async function encodeInTurns(document: Document, rests: Rests): Promise<RawDocument> {
  const elements: Buffer[] = []
  for (const [name, value] of Object.entries(document) as [string, unknown][])
    if (isLongArray(value))
      elements.push(Buffer.of(BsonType.array), Buffer.from(`${name}\0`), await arrayInTurns(value, rests))
    else elements.push(elementsOf({ [name]: value }))
  const bytes = frame(elements)
  // Which tells by how much it is too large.
  return bytes.length > MOST_BYTES ? encode(document) : bytes
}

/** The bytes of an array, encoded while others have their turn. */
export async function arrayInTurns(values: readonly unknown[], rests: Rests): Promise<Buffer> {
  const encoded: Buffer[] = []
  for (let start = 0; start < values.length; start += ITEMS) {
    const items = new Map<string, unknown>()
    for (let i = start; i < Math.min(start + ITEMS, values.length); i++) items.set(String(i), values[i])
    encoded.push(elementsOf(items))
    const rest = rests.rest()
    if (rest) await rest
  }
  return frame(encoded)
}

/** The encoded fields of a document, without its frame. */
function elementsOf(fields: Document): Buffer {
  return encode(fields).subarray(4, -1)
}
