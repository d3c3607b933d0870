import { BsonType } from './types.ts'
import type { RawDocument } from './types.ts'
import { RawArray } from './writer.ts'

/** A BSON array of documents, written while they come. */
export class ArrayWriter {
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
    this.buffer.writeInt32LE(this.position, 0)
    return new RawArray(this.buffer.subarray(0, this.position))
  }

  private reserve(size: number): void {
    if (this.position + size <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.position + size))
    larger.set(this.buffer.subarray(0, this.position))
    this.buffer = larger
  }
}
