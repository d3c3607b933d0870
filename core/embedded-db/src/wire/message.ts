import { setImmediate as nextTurn } from 'node:timers/promises'
import { decode, decodeWithout } from '../bson/decode.ts'
import { decodeInSteps } from '../bson/decode-in-steps.ts'
import { rawDocuments } from '../bson/raw.ts'
import type { RawDocument } from '../bson/types.ts'
import { checkDocument, checkInSteps, isLarge } from '../bson/walk.ts'
import { crc32c } from './crc32c.ts'
import type { Document } from 'bson'

export const HEADER_SIZE = 16
export const OP_REPLY = 1
export const OP_QUERY = 2004
export const OP_MSG = 2013

const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 1 << 1
const EXHAUST_ALLOWED = 1 << 16
const KNOWN_REQUIRED = CHECKSUM_PRESENT | MORE_TO_COME

/** A message that is not of the protocol: the connection is closed, as MongoDB does. */
export class ProtocolError extends Error {}

export interface Request {
  requestId: number
  opCode: number
  body: Document
  /** The command document as received. */
  raw: RawDocument
  /** Document sequences (OP_MSG section kind 1) by name, as received; also what an insert has as an array in its body. */
  sequences: ReadonlyMap<string, RawDocument[]>
  moreToCome: boolean
  exhaustAllowed: boolean
}

/**
 * Reads one whole message.
 * @throws ProtocolError when it cannot be framed; CommandError 22 when a document in it is malformed.
 */
export function parseMessage(message: Buffer): Request {
  const steps = parse(message)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same, with turns for others within large documents and between the documents of a long sequence. */
export async function parseInTurns(message: Buffer): Promise<Request> {
  const steps = parse(message)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await nextTurn()
  }
}

/** One step is as many documents as others may wait for. */
const DOCUMENTS_OF_STEP = 1024

function* parse(message: Buffer): Generator<void, Request> {
  const requestId = message.readInt32LE(4)
  const opCode = message.readInt32LE(12)
  if (opCode === OP_MSG) return yield* parseMsg(message, requestId)
  if (opCode === OP_QUERY) return parseQuery(message, requestId)
  throw new ProtocolError(`unsupported opcode ${opCode}`)
}

function* parseMsg(message: Buffer, requestId: number): Generator<void, Request> {
  if (message.length < HEADER_SIZE + 4 + 1 + 5) throw new ProtocolError('OP_MSG is too short')
  const flags = message.readUInt32LE(HEADER_SIZE)
  if (flags & 0xffff & ~KNOWN_REQUIRED) throw new ProtocolError(`unknown required flag bits ${flags}`)
  let end = message.length
  if (flags & CHECKSUM_PRESENT) {
    end -= 4
    if (message.readUInt32LE(end) !== crc32c(message.subarray(0, end))) throw new ProtocolError('wrong checksum')
  }
  let raw: RawDocument | undefined
  const sequences = new Map<string, RawDocument[]>()
  let position = HEADER_SIZE + 4
  while (position < end) {
    const kind = message[position++]
    if (kind === 0) {
      if (raw) throw new ProtocolError('two body sections')
      const stop = isLarge(message, position, end)
        ? yield* checkInSteps(message, position, end)
        : checkDocument(message, position, end)
      raw = message.subarray(position, stop)
      position = stop
    } else if (kind === 1) position = yield* parseSequence(message, position, end, sequences)
    else throw new ProtocolError(`unknown section kind ${kind}`)
  }
  if (!raw) throw new ProtocolError('no body section')
  const documents = isInsert(raw) && !sequences.has('documents') ? rawDocuments(raw, 'documents') : undefined
  const large = isLarge(raw, 0, raw.length)
  const body = documents ? decodeWithout(raw, 'documents') : large ? yield* decodeInSteps(raw) : decode(raw)
  for (const name of sequences.keys())
    if (name in body) throw new ProtocolError(`field ${name} is both in the body and a sequence`)
  if (documents) sequences.set('documents', documents)
  return {
    requestId,
    opCode: OP_MSG,
    raw,
    body,
    sequences,
    moreToCome: (flags & MORE_TO_COME) !== 0,
    exhaustAllowed: (flags & EXHAUST_ALLOWED) !== 0,
  }
}

const INSERT = Buffer.from('insert\0')

/** Whether it is an insert, which stores its documents as they are: nothing is gained by decoding them. */
function isInsert(body: RawDocument): boolean {
  return body.length > 5 + INSERT.length && INSERT.compare(body, 5, 5 + INSERT.length) === 0
}

function* parseSequence(
  message: Buffer,
  start: number,
  limit: number,
  sequences: Map<string, RawDocument[]>,
): Generator<void, number> {
  if (start + 5 > limit) throw new ProtocolError('a document sequence is too short')
  const end = start + message.readInt32LE(start)
  if (end > limit || end < start + 5) throw new ProtocolError('a document sequence has a wrong length')
  const nameStop = message.indexOf(0, start + 4)
  if (nameStop < 0 || nameStop >= end) throw new ProtocolError('the name of a document sequence is not terminated')
  const name = message.toString('utf8', start + 4, nameStop)
  if (sequences.has(name)) throw new ProtocolError(`two document sequences called ${name}`)
  const documents: RawDocument[] = []
  let position = nameStop + 1
  while (position < end) {
    const stop = isLarge(message, position, end)
      ? yield* checkInSteps(message, position, end)
      : checkDocument(message, position, end)
    if (documents.push(message.subarray(position, stop)) % DOCUMENTS_OF_STEP === 0) yield
    position = stop
  }
  sequences.set(name, documents)
  return end
}

/** OP_QUERY survives only for the first hello of older drivers. */
function parseQuery(message: Buffer, requestId: number): Request {
  const nameStop = message.indexOf(0, HEADER_SIZE + 4)
  if (nameStop < 0 || nameStop + 9 > message.length) throw new ProtocolError('OP_QUERY is too short')
  const stop = checkDocument(message, nameStop + 9, message.length)
  const raw = message.subarray(nameStop + 9, stop)
  const query = decode(raw)
  const body: Document = typeof query.$query === 'object' && query.$query !== null ? (query.$query as Document) : query
  const database = message.toString('utf8', HEADER_SIZE + 4, nameStop).split('.')[0] ?? 'admin'
  return {
    requestId,
    opCode: OP_QUERY,
    raw,
    body: { ...body, $db: database },
    sequences: new Map(),
    moreToCome: false,
    exhaustAllowed: false,
  }
}

let nextReplyId = 1

/** Fills the 16 bytes of the header of a message that is `length` bytes long as a whole. */
export function writeHeader(message: Buffer, length: number, responseTo: number, opCode: number): number {
  const id = nextReplyId
  nextReplyId = nextReplyId === 0x7fffffff ? 1 : nextReplyId + 1
  message.writeInt32LE(length, 0)
  message.writeInt32LE(id, 4)
  message.writeInt32LE(responseTo, 8)
  message.writeInt32LE(opCode, 12)
  return id
}
