/** One line of a stream: its text, or why there is none. */
export type Line =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly error: 'line_too_long' | 'invalid_utf8' }

const newline = 0x0a

/**
 * Splits a byte stream at line feeds without ever holding more than `maxBytes` of a line; blank lines are counted, not yielded.
 * Lines that are longer or no UTF-8 come as errors and the stream goes on behind them.
 */
export async function* readLines(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let held: Uint8Array[] = []
  let heldBytes = 0
  let line = 0

  function finish(): Line | undefined {
    line++
    const bytes = heldBytes > maxBytes ? undefined : Buffer.concat(held)
    held = []
    heldBytes = 0
    if (bytes === undefined) return { line, error: 'line_too_long' }
    try {
      const text = decoder.decode(bytes).trim()
      return text === '' ? undefined : { line, text }
    } catch {
      return { line, error: 'invalid_utf8' }
    }
  }

  function hold(bytes: Uint8Array): void {
    heldBytes += bytes.length
    if (heldBytes > maxBytes) held = []
    else held.push(bytes)
  }

  for await (const chunk of source) {
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      hold(chunk.subarray(start, end))
      start = end + 1
      const finished = finish()
      if (finished !== undefined) yield finished
    }
    if (start < chunk.length) hold(chunk.subarray(start))
  }
  if (heldBytes > 0) {
    const finished = finish()
    if (finished !== undefined) yield finished
  }
}
