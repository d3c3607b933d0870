import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PacedAnswer } from './paced-answer.ts'

const piece = Buffer.alloc(1024, 'x')
const pace = { freeBytes: 100 * 1024, bytesPerSecond: 1024 * 1024, mostBytes: 300 * 1024 }

/** Sends so many bytes through; how many arrived, and how long that took (ms). */
async function send(bytes: number): Promise<{ arrived: number; ms: number }> {
  let arrived = 0
  const start = performance.now()
  const source = Readable.from(Array.from({ length: bytes / piece.length }, () => piece))
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      arrived += chunk.length
      done()
    },
  })
  await pipeline(source, new PacedAnswer(pace), sink)
  return { arrived, ms: performance.now() - start }
}

describe('a long answer of a plugin in a process', () => {
  it('arrives whole, what is beyond the first part no faster than its pace', async () => {
    const { arrived, ms } = await send(pace.mostBytes)
    expect(arrived).toBe(pace.mostBytes)
    expect(ms).toBeGreaterThan(((pace.mostBytes - pace.freeBytes) / pace.bytesPerSecond) * 1000 - 2)
  })

  it('is ended when it is too long', async () => {
    await expect(send(pace.mostBytes + piece.length)).rejects.toThrow('larger than')
  })
})
