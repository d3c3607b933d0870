import { Double, Int32, Long, serialize, Timestamp } from 'bson'
import { BsonType } from './types.ts'
import type { RawDocument } from './types.ts'

/** Documents that are already BSON, to be written as an array without being decoded. */
export class RawDocuments {
  readonly documents: readonly RawDocument[]
  constructor(documents: readonly RawDocument[]) {
    this.documents = documents
  }
}

/** An array that is already BSON, as a value; its pieces follow one another. */
export class RawArray {
  readonly pieces: readonly Buffer[]
  readonly length: number
  constructor(pieces: readonly Buffer[], length: number) {
    this.pieces = pieces
    this.length = length
  }
}

/** One document that is already BSON, as a value inside another. */
export class RawValue {
  readonly bytes: RawDocument
  constructor(bytes: RawDocument) {
    this.bytes = bytes
  }
}

/** A {@link RawArray} from this size on is taken over piece by piece; a smaller one is cheaper to copy. */
const LARGE_ARRAY_BYTES = 64 * 1024

/** Writes BSON into a growing buffer; values may be {@link RawDocuments}, {@link RawArray} or {@link RawValue} at any level of plain objects. */
export class BsonWriter {
  private readonly written: Buffer[] = []
  private writtenBytes = 0
  private buffer: Buffer
  private position = 0

  /** @param size the room that is made at first */
  constructor(size = 512) {
    this.buffer = Buffer.allocUnsafe(size)
  }

  /** Leaves room for `size` bytes, to be filled by the caller. */
  skip(size: number): void {
    this.reserve(size)
    this.position += size
  }

  /** Writes a whole document. */
  document(fields: Readonly<Record<string, unknown>>): void {
    const start = this.open()
    this.fields(fields)
    this.close(start)
  }

  /** Starts a document; its length is filled in by {@link close}. */
  open(): number {
    const start = this.writtenBytes + this.position
    this.skip(4)
    return start
  }

  close(start: number): void {
    this.reserve(1)
    this.buffer[this.position++] = 0
    const length = this.writtenBytes + this.position - start
    let offset = start
    for (const piece of this.written) {
      if (offset < piece.length) {
        piece.writeInt32LE(length, offset)
        return
      }
      offset -= piece.length
    }
    this.buffer.writeInt32LE(length, offset)
  }

  fields(fields: Readonly<Record<string, unknown>>): void {
    for (const name in fields) {
      const value = fields[name]
      if (value !== undefined) this.field(name, value)
    }
  }

  field(name: string, value: unknown): void {
    if (typeof value === 'number' && Number.isInteger(value) && value === (value | 0) && !Object.is(value, -0))
      this.int32(name, value)
    else if (typeof value === 'string') this.string(name, value)
    else if (typeof value === 'number') this.double(name, value)
    else if (value === null) this.head(BsonType.null, name, 0)
    else if (value instanceof Int32) this.int32(name, value.value)
    else if (value instanceof Double) this.double(name, value.value)
    else if (typeof value === 'boolean') {
      this.head(BsonType.bool, name, 1)
      this.buffer[this.position++] = value ? 1 : 0
    } else if (value instanceof Timestamp || value instanceof Long) {
      this.head(value instanceof Timestamp ? BsonType.timestamp : BsonType.int64, name, 8)
      this.int64(value)
    } else if (value instanceof Date) this.date(name, value)
    else if (value instanceof RawDocuments) this.rawDocuments(name, value.documents)
    else if (value instanceof RawArray) this.rawArray(name, value)
    else if (value instanceof RawValue) this.raw(BsonType.object, name, value.bytes)
    else if (Array.isArray(value)) {
      this.head(BsonType.array, name, 0)
      const start = this.open()
      for (let i = 0; i < value.length; i++) this.field(String(i), value[i] === undefined ? null : value[i])
      this.close(start)
    } else if (isPlainObject(value)) {
      this.head(BsonType.object, name, 0)
      const start = this.open()
      this.fields(value)
      this.close(start)
    } else this.bytes(serialize({ [name]: value }).subarray(4, -1))
  }

  /** Bytes as they are. */
  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.buffer.set(bytes, this.position)
    this.position += bytes.length
  }

  /** What has been written so far; the writer must not be used again. */
  finish(): Buffer {
    const pieces = this.pieces()
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
  }

  /** As {@link finish}, without joining what was taken over; the first piece begins with what was written first. */
  pieces(): Buffer[] {
    return [...this.written, this.buffer.subarray(0, this.position)]
  }

  private rawArray(name: string, { pieces, length }: RawArray): void {
    const large = length >= LARGE_ARRAY_BYTES
    this.head(BsonType.array, name, large ? 0 : length)
    if (large) {
      this.written.push(this.buffer.subarray(0, this.position), ...pieces)
      this.writtenBytes += this.position + length
      this.buffer = Buffer.allocUnsafe(512)
      this.position = 0
    } else for (const piece of pieces) this.bytes(piece)
  }

  private rawDocuments(name: string, documents: readonly RawDocument[]): void {
    // Room for all at once: a batch of 16 MiB would otherwise be copied again and again as the buffer grows.
    let size = 16
    for (const document of documents) size += document.length + 9
    this.head(BsonType.array, name, size)
    const start = this.open()
    for (let i = 0; i < documents.length; i++) this.raw(BsonType.object, String(i), documents[i] as RawDocument)
    this.close(start)
  }

  private raw(type: number, name: string, bytes: Uint8Array): void {
    this.head(type, name, bytes.length)
    this.buffer.set(bytes, this.position)
    this.position += bytes.length
  }

  private int32(name: string, value: number): void {
    this.head(BsonType.int32, name, 4)
    this.position = this.buffer.writeInt32LE(value, this.position)
  }

  private int64(value: Pick<Long, 'low' | 'high'>): void {
    this.position = this.buffer.writeInt32LE(value.low, this.position)
    this.position = this.buffer.writeInt32LE(value.high, this.position)
  }

  private double(name: string, value: number): void {
    this.head(BsonType.double, name, 8)
    this.position = this.buffer.writeDoubleLE(value, this.position)
  }

  private date(name: string, value: Date): void {
    this.head(BsonType.date, name, 8)
    this.int64(Long.fromNumber(value.getTime()))
  }

  private string(name: string, value: string): void {
    const size = Buffer.byteLength(value)
    this.head(BsonType.string, name, size + 5)
    this.position = this.buffer.writeInt32LE(size + 1, this.position)
    this.position += this.buffer.write(value, this.position)
    this.buffer[this.position++] = 0
  }

  /** The type and the name of a value, with room for so many bytes of it. */
  head(type: number, name: string, size = 0): void {
    this.reserve(name.length * 3 + 2 + size)
    this.buffer[this.position++] = type
    this.position += this.buffer.write(name, this.position)
    this.buffer[this.position++] = 0
  }

  private reserve(size: number): void {
    if (this.position + size <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.position + size))
    larger.set(this.buffer.subarray(0, this.position))
    this.buffer = larger
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
