import { BsonType } from './types.ts'
import type { RawDocument } from './types.ts'
import { RawArray } from './writer.ts'

/** A long array is kept in pieces of this size: one buffer for all would be copied again and again as it grows. */
const PIECE_BYTES = 256 * 1024

/** A BSON array of documents, written while they come. */
export class ArrayWriter {
  private readonly full: Buffer[] = []
  private fullBytes = 0
  private buffer = Buffer.allocUnsafe(1024)
  private position = 4
  private count = 0

  add(document: RawDocument): void {
    const name = String(this.count++)
    this.reserve(document.length + name.length + 2)
    this.buffer[this.position++] = BsonType.object
    for (let i = 0; i < name.length; i++) this.buffer[this.position++] = name.charCodeAt(i)
    this.buffer[this.position++] = 0
    // Not `set`: lent bytes lie in a buffer that is larger than they are.
    this.position += document.copy(this.buffer, this.position, 0, document.length)
  }

  /** The array; nothing may be added afterwards. */
  finish(): RawArray {
    this.reserve(1)
    this.buffer[this.position++] = 0
    const pieces = [...this.full, this.buffer.subarray(0, this.position)]
    const length = this.fullBytes + this.position
    pieces[0]?.writeInt32LE(length, 0)
    return new RawArray(pieces, length)
  }

  private reserve(size: number): void {
    const needed = this.position + size
    if (needed <= this.buffer.length) return
    if (needed <= PIECE_BYTES) {
      const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, needed))
      larger.set(this.buffer.subarray(0, this.position))
      this.buffer = larger
      return
    }
    this.full.push(this.buffer.subarray(0, this.position))
    this.fullBytes += this.position
    this.buffer = Buffer.allocUnsafe(Math.max(PIECE_BYTES, size))
    this.position = 0
  }
}
