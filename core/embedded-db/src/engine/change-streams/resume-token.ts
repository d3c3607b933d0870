import { Timestamp } from 'bson'
import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { shellText } from '../shell-text.ts'

/** A place in the log of changes: an entry and the event in it. */
export interface Position {
  time: Timestamp
  event: number
  /** The invalidate event that follows the event at this place. */
  invalidate: boolean
  /** The last fragment seen of an event that was split, from 1. */
  fragment?: number
  /** Taken from a token: the event at this place has been seen, and only what ends the stream after it has not. */
  told?: boolean
}

/** After every event of an entry. */
export const END_OF_ENTRY = 0xffffffff

/** The place just after everything at `time`. */
export function highWaterMark(time: Timestamp): Position {
  return { time, event: END_OF_ENTRY, invalidate: false }
}

export function encodeToken({ time, event, invalidate, fragment }: Position): Document {
  const bytes = Buffer.alloc(fragment === undefined ? 13 : 14, fragment)
  bytes.writeUInt32BE(time.high >>> 0, 0)
  bytes.writeUInt32BE(time.low >>> 0, 4)
  bytes.writeUInt32BE(event, 8)
  bytes[12] = invalidate ? 1 : 0
  return { _data: bytes.toString('hex').toUpperCase() }
}

/** @throws CommandError 9, 40647 or 40649 for what is no token, and 50795 for none of ours */
export function decodeToken(token: Document): Position {
  const data: unknown = token._data
  if (typeof data !== 'string')
    throw new CommandError(
      40647,
      'Location40647',
      `Bad resume token: _data of missing or of wrong type. Expected string, got ${shellText(token)}`,
    )
  if (data === '') throw new CommandError(40649, 'Location40649', 'invalid empty resume token')
  if (!/^(?:[0-9A-F]{2})+$/i.test(data))
    throw new CommandError(9, 'FailedToParse', 'resume token string was not a valid hex string')
  if (data.length !== 26 && data.length !== 28) throw new CommandError(50795, 'Location50795', 'Invalid resume token')
  const bytes = Buffer.from(data, 'hex')
  return {
    time: new Timestamp({ t: bytes.readUInt32BE(0), i: bytes.readUInt32BE(4) }),
    event: bytes.readUInt32BE(8),
    invalidate: bytes[12] === 1,
    ...(bytes.length > 13 && { fragment: bytes[13] }),
  }
}
