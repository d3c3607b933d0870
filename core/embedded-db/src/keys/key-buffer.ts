/** A growing buffer for ordered keys; a field written between {@link mark} and {@link invert} can be turned to descending order. */
export class KeyBuffer {
  private bytes = Buffer.allocUnsafe(256)
  private length = 0

  reset(): void {
    this.length = 0
  }

  mark(): number {
    return this.length
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  uint32(value: number): void {
    this.reserve(4)
    this.length = this.bytes.writeUInt32BE(value >>> 0, this.length)
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length)
    this.bytes.set(value, this.length)
    this.length += value.length
  }

  /** A double in total order: sign bit flipped for positives, all bits for negatives; NaN before everything, -0 as 0. */
  double(value: number): void {
    this.reserve(8)
    if (Number.isNaN(value)) this.bytes.fill(0, this.length, this.length + 8)
    else {
      this.bytes.writeDoubleBE(value === 0 ? 0 : value, this.length)
      const first = this.bytes[this.length] as number
      if (first & 0x80) this.invert(this.length, this.length + 8)
      else this.bytes[this.length] = first | 0x80
    }
    this.length += 8
  }

  /** Text in UTF-8 order, free of prefixes: NUL becomes 00 FF and the end is 00 00. */
  text(value: string): void {
    this.reserve(value.length * 3 + 2)
    const start = this.length
    this.length += this.bytes.write(value, start)
    if (value.includes('\0')) this.escape(start)
    this.byte(0)
    this.byte(0)
  }

  invert(start: number, end = this.length): void {
    for (let i = start; i < end; i++) this.bytes[i] = ~(this.bytes[i] as number) & 0xff
  }

  /** A copy of what has been written since `start`. */
  slice(start = 0): Buffer {
    const copy = Buffer.allocUnsafe(this.length - start)
    this.bytes.copy(copy, 0, start, this.length)
    return copy
  }

  private escape(start: number): void {
    const plain = Buffer.from(this.bytes.subarray(start, this.length))
    this.length = start
    this.reserve(plain.length * 2 + 2)
    for (const byte of plain) {
      this.bytes[this.length++] = byte
      if (byte === 0) this.bytes[this.length++] = 0xff
    }
  }

  private reserve(size: number): void {
    if (this.length + size <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + size))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }
}
