import { Double } from 'bson'
import { BsonWriter } from '../bson/writer.ts'
import { HEADER_SIZE, OP_MSG, OP_QUERY, OP_REPLY, writeHeader } from './message.ts'
import type { Request } from './message.ts'

export type Reply = Readonly<Record<string, unknown>>

const REPLY_PREFIX = 20

/** The reply as one message, in pieces, in the protocol of its request: OP_MSG, or OP_REPLY for a legacy query. */
export function encodeReply(
  request: Request,
  reply: Reply,
  moreToCome = false,
  responseTo = request.requestId,
): { message: readonly Buffer[]; id: number } {
  const legacy = request.opCode === OP_QUERY
  const writer = new BsonWriter()
  writer.skip(HEADER_SIZE + (legacy ? REPLY_PREFIX : 5))
  // A server's `ok` is a double; strictly typed clients read it as one.
  writer.document({ ...reply, ok: new Double(Number(reply.ok)) })
  const message = writer.pieces()
  const first = message[0] as Buffer
  if (legacy) {
    first.fill(0, HEADER_SIZE, HEADER_SIZE + REPLY_PREFIX)
    first.writeInt32LE(8, HEADER_SIZE)
    first.writeInt32LE(1, HEADER_SIZE + 16)
  } else {
    first.writeUInt32LE(moreToCome ? 2 : 0, HEADER_SIZE)
    first[HEADER_SIZE + 4] = 0
  }
  const length = message.reduce((sum, piece) => sum + piece.length, 0)
  return { id: writeHeader(first, length, responseTo, legacy ? OP_REPLY : OP_MSG), message }
}
