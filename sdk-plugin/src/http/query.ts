import type { Request } from '@hapi/hapi'
import { Problem } from '../backend/problem.ts'

/**
 * The query as hapi read it, which takes what is no percent-encoded UTF-8 (RFC 3986, 2.1 and 2.5) for another text, that nobody sent.
 * @throws Problem 400 `invalid_request` for such a query
 */
export function queryOf({ query, raw }: Pick<Request, 'query' | 'raw'>): Record<string, unknown> {
  const address = raw.req.url ?? ''
  const start = address.indexOf('?')
  if (start !== -1) decode(address.slice(start))
  return { ...query }
}

function decode(text: string): void {
  try {
    decodeURIComponent(text)
  } catch (cause) {
    throw new Problem(400, 'invalid_request', 'The query of the request cannot be decoded.', { cause })
  }
}
