import { readLines, type Line } from './lines.ts'

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part
}

async function collect(source: AsyncIterable<Uint8Array>, maxBytes = 10): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of readLines(source, maxBytes)) lines.push(line)
  return lines
}

describe('lines of a byte stream', () => {
  it('joins what chunks cut apart, even inside a character', async () => {
    const bytes = Buffer.from('ñandú\r\n\nx')
    expect(await collect(chunks(bytes.subarray(0, 1), bytes.subarray(1, 6), bytes.subarray(6)))).toEqual([
      { line: 1, text: 'ñandú' },
      { line: 3, text: 'x' },
    ])
  })

  it('reports a line that is too long or no UTF-8 and goes on behind it', async () => {
    const source = chunks('aaaaaaaa', 'aaaaaaaa\nok\n', Buffer.from([0xff, 0xfe, 0x0a]), 'end')
    expect(await collect(source)).toEqual([
      { line: 1, error: 'line_too_long' },
      { line: 2, text: 'ok' },
      { line: 3, error: 'invalid_utf8' },
      { line: 4, text: 'end' },
    ])
  })

  it('does not read ahead of its consumer', async () => {
    let given = 0
    async function* source(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given++
        yield Buffer.from('row\n')
      }
    }
    const lines = readLines(source(), 10)
    await lines.next()
    await lines.next()
    expect(given).toBe(2)
    await lines.return(undefined)
  })
})
