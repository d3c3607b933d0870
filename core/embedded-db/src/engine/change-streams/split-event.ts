import { Int32 } from 'bson'
import type { Document } from 'bson'
import { encode } from '../../bson/raw.ts'
import type { RawDocument } from '../../bson/types.ts'
import { CommandError } from '../../errors.ts'
import { MAX_DOCUMENT_BYTES } from '../documents.ts'
import { encodeToken } from './resume-token.ts'
import type { Position } from './resume-token.ts'

export interface Fragment {
  document: RawDocument
  position: Position
}

/** What one event may take: a whole document and what tells of it. */
export const LARGEST_EVENT = MAX_DOCUMENT_BYTES + 16 * 1024

/** Room for the resume token and the fragment's number. */
const OVERHEAD = 16 * 1024

/** An event larger than a document may be, in fragments of whole top-level fields, the smallest fields first. */
export function splitEvent(event: Document, position: Position, limit = MAX_DOCUMENT_BYTES): Fragment[] {
  const { _id: _, ...fields } = event
  const sized = Object.entries(fields).map(([name, value]) => ({
    name,
    value: value as unknown,
    bytes: encode({ [name]: value as unknown }).length,
  }))
  const parts: Document[] = []
  let room = 0
  for (const { name, value, bytes } of sized.toSorted((a, b) => a.bytes - b.bytes)) {
    if (bytes + OVERHEAD > limit) throw tooLarge(bytes)
    if (bytes > room) {
      parts.push({})
      room = limit - OVERHEAD
    }
    room -= bytes
    ;(parts.at(-1) as Document)[name] = value
  }
  return parts.map((part, i) => {
    const place = { ...position, fragment: i + 1 }
    const splitEvent = { fragment: new Int32(i + 1), of: new Int32(parts.length) }
    return { document: encode({ _id: encodeToken(place), splitEvent, ...part }), position: place }
  })
}

export function tooLarge(bytes: number): CommandError {
  return new CommandError(
    10334,
    'BSONObjectTooLarge',
    `BSONObj size: ${bytes} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}(16MB)`,
  )
}
