import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacedAnswer } from './paced-answer.ts'

const piece = Buffer.alloc(1024, 'x')
const pace = { freeBytes: 100 * 1024, bytesPerSecond: 1024 * 1024, mostBytes: 300 * 1024 }

/** Sends so many bytes through after a rest; how many arrived, and how long that took from the first on (ms). */
async function send(bytes: number, restMs = 0): Promise<{ arrived: number; ms: number }> {
  let arrived = 0
  let start = 0
  const source = Readable.from(
    (async function* () {
      await sleep(restMs)
      start = performance.now()
      for (let sent = 0; sent < bytes; sent += piece.length) yield piece
    })(),
  )
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
  it.each([
    ['at once', 0],
    ['after a rest, as in a stream of events', 400],
  ])('arrives whole, what is beyond the first part no faster than its pace: %s', async (_when, restMs) => {
    const { arrived, ms } = await send(pace.mostBytes, restMs)
    expect(arrived).toBe(pace.mostBytes)
    expect(ms).toBeGreaterThan(((pace.mostBytes - pace.freeBytes) / pace.bytesPerSecond) * 1000 - 2)
  })

  it('is ended when it is too long', async () => {
    await expect(send(pace.mostBytes + piece.length)).rejects.toThrow('larger than')
  })
})
