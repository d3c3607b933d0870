import type { Problem } from '@dcesop/sdk-plugin'
import * as fc from 'fast-check'
import { Base64Sink } from './base64-sink.ts'

async function decode(pieces: readonly string[]): Promise<Buffer> {
  const written: Buffer[] = []
  const file = {
    path: '',
    write: async (bytes: Buffer) => void written.push(bytes),
    close: async () => {},
    discard: async () => {},
  }
  const sink = new Base64Sink(file)
  for (const piece of pieces) await sink.write(piece)
  const { size } = await sink.end()
  const all = Buffer.concat(written)
  expect(size).toBe(all.length)
  return all
}

describe('Base64Sink', () => {
  it('decodes whatever comes, in whatever pieces', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 50 }), async (content, length) => {
        // Repeated, so that it is decoded in several batches.
        const all = Buffer.concat(Array.from({ length: 400 }, () => content))
        const pieces = all.toString('base64').match(new RegExp(`.{1,${length * 97}}`, 'g')) ?? []
        expect((await decode(pieces)).equals(all)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it.each(['a', 'abcde', 'ab*d', 'ab d', 'ab==cdef', '====', 'a===', 'abc\u00e9', 'ab=c'])(
    'refuses "%s"',
    async (text) => {
      const refused = await decode([text]).catch((problem: Problem) => problem.code)
      expect(refused).toBe('invalid_publish')
    },
  )
})
