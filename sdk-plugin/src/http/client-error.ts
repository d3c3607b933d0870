import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem } from '../backend/problem.ts'
import { codeOfStatus } from './problems.ts'

const statusByCode: Readonly<Record<string, number>> = {
  DCESOP_CONNECT: 405,
  DCESOP_EXPECT: 417,
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

type ClientError = Error & { code?: string }

/** What Node hands to nobody who answers requests. */
export const unserved: Readonly<Record<'connect' | 'expectation' | 'stalled', ClientError>> = {
  connect: Object.assign(new Error('This is no proxy.'), { code: 'DCESOP_CONNECT' }),
  expectation: Object.assign(new Error('Only 100-continue may be expected.'), { code: 'DCESOP_EXPECT' }),
  stalled: Object.assign(new Error('The body stalled.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
}

export interface RawAnswers {
  /** That every answer has. */
  readonly headers: readonly (readonly [string, string])[]
  /** The catalogue's sentence for a code. */
  titleOf(code: string): string
  /** The members of the answer to a request that has no trace yet. */
  bodyOf(problem: Problem): object
}

/** Answers what never became a request, or stalled in the midst of one, on the raw socket and closes it. */
export function answerClientError(error: ClientError, socket: Duplex, { headers, titleOf, bodyOf }: RawAnswers): void {
  if (error.code === 'ECONNRESET' || !socket.writable || midAnswer(socket)) {
    socket.destroy()
    return
  }
  const status = statusByCode[error.code ?? ''] ?? 400
  const code = codeOfStatus(status)
  const body = JSON.stringify(bodyOf(new Problem(status, code, titleOf(code))))
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
