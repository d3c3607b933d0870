import { deserialize } from 'node:v8'
import { extentOf } from './extent.ts'

const headerBytes = 4
/** Pieces kept apart at most: each costs memory of its own. */
const mostPieces = 1024
/** What a message may come to when it is written out, beside twice its bytes: the same thing may be meant several times. */
const freeExtent = 200_000

export function frameOf(content: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes + content.length)
  frame.writeUInt32LE(content.length)
  content.copy(frame, headerBytes)
  return frame
}

/** Cuts a stream into messages. Pieces are joined once, when a whole message is there: small pieces cost no more than large ones. */
export class Frames {
  readonly #limit: number
  #pieces: Buffer[] = []
  #length = 0

  /** @param limit of one message, bytes */
  constructor(limit: number) {
    this.#limit = limit
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#length += piece.length
    if (this.#pieces.length > mostPieces) this.#join()
  }

  /** The next whole message, and its bytes or what they mean where that is more. @throws Error when it is too large or no message at all */
  shift(): { value: object; bytes: number } | undefined {
    if (this.#length < headerBytes) return undefined
    if ((this.#pieces[0] as Buffer).length < headerBytes) this.#join()
    const size = (this.#pieces[0] as Buffer).readUInt32LE()
    if (size > this.#limit) throw new Error(`A message of ${size} bytes is larger than the ${this.#limit} allowed.`)
    if (this.#length < headerBytes + size) return undefined
    if ((this.#pieces[0] as Buffer).length < headerBytes + size) this.#join()
    const first = this.#pieces[0] as Buffer
    const value: unknown = deserialize(first.subarray(headerBytes, headerBytes + size))
    this.#pieces[0] = first.subarray(headerBytes + size)
    this.#length -= headerBytes + size
    if (typeof value !== 'object' || value === null) throw new Error('A message is no object.')
    return { value, bytes: Math.max(size, extentOf(value, freeExtent + 2 * size)) }
  }

  #join(): void {
    this.#pieces = [Buffer.concat(this.#pieces)]
  }
}
