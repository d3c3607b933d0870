import type { Document } from 'bson'
import { assign, decodeValue } from './decode.ts'
import { filterOf } from './field-filter.ts'
import { nameEnd } from './field-names.ts'
import { encode, frame } from './raw.ts'
import type { RawElement } from './raw.ts'
import type { RawDocument } from './types.ts'
import { valueEnd } from './walk.ts'

/** Where some top-level fields of a document lie, by name and in the order of the document. */
export type Places = ReadonlyMap<string, RawElement>

/** Finds those of the fields that the document has; undefined when it has one of them twice. */
export function placesOf(bytes: RawDocument, fields: ReadonlySet<string>): Places | undefined {
  const filter = filterOf(fields)
  const places = new Map<string, RawElement>()
  const end = bytes.readInt32LE(0) - 1
  let position = 4
  while (position < end) {
    const start = position
    const type = bytes[start] as number
    const stop = nameEnd(bytes, start + 1)
    position = valueEnd(bytes, type, stop + 1)
    const name = filter.find(bytes, start + 1, stop)
    if (name === undefined) continue
    if (places.has(name)) return undefined
    places.set(name, { type, start, value: stop + 1, end: position })
  }
  return places
}

/** The fields at these places, typed. */
export function decodeAt(bytes: RawDocument, places: Places): Document {
  const document: Document = {}
  for (const [name, { type, value, end }] of places) assign(document, name, decodeValue(bytes, type, value, end))
  return document
}

/**
 * The document with what differs between `before` and `after` at these places written anew and new fields at its end; all
 * others keep their bytes and their place.
 */
export function rewrite(bytes: RawDocument, places: Places, before: Document, after: Document): RawDocument {
  const pieces: Buffer[] = []
  let kept = 4
  for (const [name, { start, end }] of places) {
    const stays = Object.hasOwn(after, name)
    if (stays && before[name] === after[name]) continue
    pieces.push(bytes.subarray(kept, start))
    if (stays) pieces.push(elementOf(name, after[name]))
    kept = end
  }
  pieces.push(bytes.subarray(kept, bytes.length - 1))
  for (const name of Object.keys(after)) if (!Object.hasOwn(before, name)) pieces.push(elementOf(name, after[name]))
  return frame(pieces)
}

function elementOf(name: string, value: unknown): Buffer {
  return encode({ [name]: value }).subarray(4, -1)
}
