import fc from 'fast-check'
import { fuzz } from '../testing/fuzz.ts'
import { FrameReader } from './frames.ts'

function message(size: number, fill: number): Buffer {
  const bytes = Buffer.alloc(16 + size, fill)
  bytes.writeInt32LE(bytes.length, 0)
  return bytes
}

describe('FrameReader', () => {
  it('gives the same messages however the stream is cut', () => {
    const sizes = fc.array(fc.oneof(fc.nat(40), fc.constantFrom(16_000, 17_000, 70_000)), { maxLength: 6 })
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 40_000 }))),
        (all, cuts) => {
          const messages = all.map((size, i) => message(size, i + 1))
          const stream = Buffer.concat(messages)
          const frames = new FrameReader()
          const read: Buffer[] = []
          let at = 0
          for (const cut of cuts) {
            read.push(...frames.push(stream.subarray(at, at + cut)))
            at += cut
          }
          read.push(...frames.push(stream.subarray(at)))
          expect(Buffer.concat(read).equals(stream)).toBe(true)
          expect(read.map(({ length }) => length)).toEqual(messages.map(({ length }) => length))
          expect(frames.pending).toBe(0)
        },
      ),
      fuzz(300),
    )
  })

  it('keeps single bytes together', () => {
    const frames = new FrameReader()
    const bytes = message(100_000, 0)
    for (const byte of bytes.subarray(0, -1)) frames.push(Buffer.of(byte))
    expect(frames.pending).toBe(bytes.length - 1)
    expect(frames.parts).toBeLessThan(30)
    expect(frames.push(bytes.subarray(-1))).toHaveLength(1)
  })
})
