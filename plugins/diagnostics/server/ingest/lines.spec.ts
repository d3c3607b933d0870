import fc from 'fast-check'
import { readLines, type Line, type LineLimits } from './lines.ts'

const limits: LineLimits = { lineBytes: 16, bodyBytes: 200, lines: 10 }

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (let index = 1; index < edges.length; index += 1)
    yield Buffer.from(bytes.subarray(edges[index - 1], edges[index]))
}

async function read(body: string | Uint8Array, cuts: readonly number[] = []): Promise<Line[]> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const lines: Line[] = []
  for await (const line of readLines(pieces(bytes, cuts), limits)) lines.push(line)
  return lines
}

describe('readLines', () => {
  it('numbers lines from one and skips blank ones', async () => {
    expect(await read('a\n\nb\r\nc')).toEqual([
      { number: 1, text: 'a' },
      { number: 3, text: 'b' },
      { number: 4, text: 'c' },
    ])
  })

  it('reports a line that is too long and goes on', async () => {
    expect(await read(`${'x'.repeat(17)}\nok`)).toEqual([
      { number: 1, fault: 'line_too_long' },
      { number: 2, text: 'ok' },
    ])
  })

  it('reports bytes that are not UTF-8 and goes on', async () => {
    expect(await read(Uint8Array.of(0xff, 0xfe, 0x0a, 0x6f, 0x6b))).toEqual([
      { number: 1, fault: 'invalid_utf8' },
      { number: 2, text: 'ok' },
    ])
  })

  it.each([
    ['bytes', 'y'.repeat(201)],
    ['lines', 'z\n'.repeat(11)],
  ])('stops a body with too many %s', async (_name, body) => {
    await expect(read(body)).rejects.toMatchObject({ status: 413, code: 'batch_too_large' })
  })

  it('gives the same lines however the network cuts the bytes', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 4 }).filter((text) => !/[\r\n]/.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 6 }), async (lines, cuts) => {
        const body = lines.join('\n')
        if (Buffer.byteLength(body) > limits.bodyBytes) return
        expect(await read(body, cuts)).toEqual(await read(body))
      }),
    )
  })
})
