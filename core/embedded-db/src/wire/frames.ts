import { HEADER_SIZE, ProtocolError } from './message.ts'
import { MAX_MESSAGE_SIZE } from './limits.ts'

/** Chunks smaller than this are put together, so that a message sent byte by byte costs little more than its bytes. */
const SMALL_CHUNK = 4 * 1024

/** Cuts a byte stream into messages by the length each begins with; keeps no more than one unfinished message. */
export class FrameReader {
  private chunks: Buffer[] = []
  private size = 0
  private needed = HEADER_SIZE

  /** Bytes of the message that has not arrived whole. */
  get pending(): number {
    return this.size
  }

  /** How many pieces it is kept in. */
  get parts(): number {
    return this.chunks.length
  }

  /** The messages that `chunk` completes. @throws ProtocolError when a length is impossible. */
  push(chunk: Buffer): Buffer[] {
    const last = this.chunks.at(-1)
    if (last && last.length < SMALL_CHUNK && chunk.length < SMALL_CHUNK)
      this.chunks[this.chunks.length - 1] = Buffer.concat([last, chunk])
    else this.chunks.push(chunk)
    this.size += chunk.length
    const messages: Buffer[] = []
    while (this.size >= this.needed) {
      const bytes = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks, this.size)
      const length = bytes.readInt32LE(0)
      if (length < HEADER_SIZE || length > MAX_MESSAGE_SIZE) throw new ProtocolError(`a message of ${length} bytes`)
      if (length > bytes.length) {
        this.chunks = [bytes]
        this.needed = length
        break
      }
      messages.push(bytes.subarray(0, length))
      const rest = bytes.subarray(length)
      this.chunks = rest.length > 0 ? [rest] : []
      this.size = rest.length
      this.needed = HEADER_SIZE
    }
    return messages
  }
}
