import mongoose from 'mongoose'

const { BSON } = mongoose.mongo

/** Bytes of a message at most: one document of the largest size, and what is around it. */
export const mostMessageBytes = 16 * 1024 * 1024 + 64 * 1024
const headerBytes = 16
const opReply = 1
const opQuery = 2004
const opMsg = 2013
const checksumPresent = 1
const moreToCome = 2

/** A command as the driver sent it: its body, and document sequences beside it. */
export interface Command {
  readonly requestId: number
  /** The first, handshaking message of a connection has a form of its own. */
  readonly legacy: boolean
  readonly body: Uint8Array
  readonly sequences: readonly { readonly name: string; readonly documents: readonly Uint8Array[] }[]
  /** The sender wants no answer. */
  readonly silent: boolean
}

/** Bytes of the message that begins here; undefined when its length is not there yet. @throws Error when it is out of bounds */
export function messageLength(buffer: Buffer): number | undefined {
  if (buffer.length < 4) return undefined
  const length = buffer.readInt32LE(0)
  if (length < headerBytes || length > mostMessageBytes) throw new Error(`A message of ${length} bytes is refused.`)
  return length
}

/** Reads OP_MSG, and OP_QUERY as the driver greets with. @throws Error or RangeError for anything else */
export function readCommand(message: Buffer): Command {
  const requestId = message.readInt32LE(4)
  const opCode = message.readInt32LE(12)
  if (opCode === opQuery) return readQuery(message, requestId)
  if (opCode !== opMsg) throw new Error(`Operation ${opCode} of the wire protocol is refused.`)
  const flags = message.readUInt32LE(16)
  const end = message.length - (flags & checksumPresent ? 4 : 0)
  let body: Uint8Array | undefined
  const sequences: Command['sequences'][number][] = []
  for (let at = 20; at < end;) {
    const kind = message[at]
    const section = message.subarray(at + 1, end)
    const size = section.readInt32LE(0)
    if (size < 5 || size > section.length) throw new Error('A section of the message does not fit.')
    if (kind === 0 && body === undefined) body = section.subarray(0, size)
    else if (kind === 1) sequences.push(readSequence(section.subarray(4, size)))
    else throw new Error('A message has one body.')
    at += 1 + size
  }
  if (!body) throw new Error('A message has one body.')
  return { requestId, legacy: false, body, sequences, silent: (flags & moreToCome) !== 0 }
}

function readQuery(message: Buffer, requestId: number): Command {
  const name = message.indexOf(0, 20)
  if (message.toString('utf8', 20, name) !== 'admin.$cmd') throw new Error('Queries of the old kind are refused.')
  return { requestId, legacy: true, body: documentAt(message, name + 9).document, sequences: [], silent: false }
}

function readSequence(section: Buffer): Command['sequences'][number] {
  const end = section.indexOf(0)
  if (end < 0) throw new Error('A sequence has a name.')
  const documents: Uint8Array[] = []
  for (let at = end + 1; at < section.length;) {
    const { document, next } = documentAt(section, at)
    documents.push(document)
    at = next
  }
  return { name: section.toString('utf8', 0, end), documents }
}

function documentAt(buffer: Buffer, at: number): { document: Uint8Array; next: number } {
  const size = buffer.readInt32LE(at)
  if (size < 5 || at + size > buffer.length) throw new Error('A document does not fit into its message.')
  return { document: buffer.subarray(at, at + size), next: at + size }
}

/** An answer to a command, in the form that it asked in. */
export function answerTo({ requestId, legacy }: Command, document: object): Buffer {
  const body = BSON.serialize(document)
  const before = legacy ? 20 : 5
  const head = Buffer.alloc(headerBytes + before)
  head.writeInt32LE(headerBytes + before + body.length, 0)
  head.writeInt32LE(requestId, 8)
  head.writeInt32LE(legacy ? opReply : opMsg, 12)
  // OP_REPLY ends its head with the number of documents, OP_MSG with the kind of its section, which is 0.
  if (legacy) head.writeInt32LE(1, headerBytes + 16)
  return Buffer.concat([head, body])
}
