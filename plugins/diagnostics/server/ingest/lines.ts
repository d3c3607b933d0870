import { Problem } from '@dcesop/sdk-plugin'

export interface LineLimits {
  /** Bytes of one line without its line feed. */
  readonly lineBytes: number
  /** Bytes of the whole body after decompression. */
  readonly bodyBytes: number
  readonly lines: number
}

export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly fault: 'line_too_long' | 'invalid_utf8' }

const lineFeed = 0x0a

/**
 * Splits a byte stream into numbered lines (from 1) without holding more than one line. Blank lines are skipped; a line that is
 * too long or not UTF-8 comes out as a fault and reading goes on.
 * @throws Problem 413 `batch_too_large` beyond the limits of bytes or lines
 */
export async function* readLines(body: AsyncIterable<Buffer | string>, limits: LineLimits): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let parts: Buffer[] = []
  let length = 0
  let total = 0
  let number = 0

  const finish = (): Line | undefined => {
    number += 1
    const overlong = length > limits.lineBytes
    const bytes = Buffer.concat(parts)
    parts = []
    length = 0
    if (overlong) return { number, fault: 'line_too_long' }
    try {
      const text = decoder.decode(bytes).trim()
      return text === '' ? undefined : { number, text }
    } catch {
      return { number, fault: 'invalid_utf8' }
    }
  }
  const keep = (bytes: Buffer): void => {
    length += bytes.length
    if (length <= limits.lineBytes) parts.push(bytes)
    else parts = []
  }

  for await (const piece of body) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
    total += chunk.length
    if (total > limits.bodyBytes) throw tooLarge(`more than ${limits.bodyBytes} bytes`)
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      keep(chunk.subarray(start, end))
      start = end + 1
      const line = finish()
      if (number > limits.lines) throw tooLarge(`more than ${limits.lines} lines`)
      if (line !== undefined) yield line
    }
    keep(chunk.subarray(start))
  }
  if (length > 0) {
    const line = finish()
    if (number > limits.lines) throw tooLarge(`more than ${limits.lines} lines`)
    if (line !== undefined) yield line
  }
}

function tooLarge(what: string): Problem {
  return new Problem(
    413,
    'batch_too_large',
    `The batch has ${what}. Send it in smaller parts; rows already stored count as duplicates.`,
  )
}
