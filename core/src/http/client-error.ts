import { Problem } from '@dcesop/sdk-plugin'
import { codeOfStatus } from '@dcesop/sdk-plugin/http'
import { randomBytes } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problemBody } from './problem-response.ts'
import { titleOf } from './problems.ts'

const statusByCode: Readonly<Record<string, number>> = {
  DCESOP_CONNECT: 405,
  DCESOP_EXPECT: 417,
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

/** What Node hands to nobody who answers requests. */
export const unserved = {
  connect: Object.assign(new Error('This is no proxy.'), { code: 'DCESOP_CONNECT' }),
  expectation: Object.assign(new Error('Only 100-continue may be expected.'), { code: 'DCESOP_EXPECT' }),
}

/**
 * Answers what never became a request (bad framing, oversized or stalled headers, stalled body) on the raw socket and closes it.
 * @param headers that every answer has
 */
export function answerClientError(
  error: Error & { code?: string },
  socket: Duplex,
  headers: readonly (readonly [string, string])[],
): void {
  if (error.code === 'ECONNRESET' || !socket.writable || ('bytesWritten' in socket && midAnswer(socket))) {
    socket.destroy()
    return
  }
  const status = statusByCode[error.code ?? ''] ?? 400
  const code = codeOfStatus(status)
  const body = JSON.stringify(problemBody(new Problem(status, code, titleOf(code)), randomBytes(16).toString('hex')))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
    ...(status === 405 ? ['allow: '] : []),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n')
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy())
}

/** Whether an answer has begun on this socket: a second one in its midst would be read as part of it. */
function midAnswer(socket: Duplex): boolean {
  const { _httpMessage } = socket as Duplex & { _httpMessage?: { headersSent: boolean } | null }
  return _httpMessage?.headersSent === true
}
