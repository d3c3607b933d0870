import type { IncomingMessage } from 'node:http'
import { Problem } from '../backend/problem.ts'

/** A name or address, and a port; nothing where the address of the request has none (RFC 9110, 7.2). */
const host = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i

/**
 * What is wrong with a request that Node took: another reader of the same bytes, a proxy for example, could see another host in it or
 * another end. RFC 9112 wants such refused, and Node does not (3.2, 6.1).
 */
export function headProblem({ headers, rawHeaders, httpVersion }: IncomingMessage): Problem | undefined {
  const hosts = rawHeaders.filter(
    (name, at) => at % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host',
  ).length
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1') || !host.test(headers.host ?? ''))
    return new Problem(400, 'invalid_request', 'The request needs one Host header, with a name or address and a port.')
  if (httpVersion !== '1.1' && httpVersion !== '1.0')
    return new Problem(400, 'invalid_request', 'The request is one of HTTP/1.0 or HTTP/1.1.')
  const encoding = headers['transfer-encoding']
  if (encoding === undefined || (encoding.toLowerCase() === 'chunked' && httpVersion === '1.1')) return undefined
  return new Problem(400, 'invalid_request', 'The only transfer encoding is "chunked", of HTTP/1.1.')
}

/** `If-None-Match` compares weakly (RFC 9110, 13.1.2), which hapi does not: a proxy that packs answers makes their tags weak. */
export function compareWeakly({ headers }: IncomingMessage): void {
  const tags = headers['if-none-match']
  if (tags?.includes('W/')) headers['if-none-match'] = tags.replace(/(^|,)\s*W\/(?=")/g, '$1')
}

/** A client of HTTP/1.0 does not know `100 Continue` and would take it for the answer (RFC 9110, 10.1.1); hapi sends it all the same. */
export function forgetExpectation({ headers, httpVersion }: IncomingMessage): void {
  if (httpVersion === '1.0') delete headers.expect
}
