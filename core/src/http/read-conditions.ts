import { Problem } from '@dcesop/sdk-plugin'
import type { Request, Server } from '@hapi/hapi'
import { problemBody } from './problem-response.ts'
import { contextOf } from './request-context.ts'

/** hapi names what it packs by the tag of the plain bytes and the coding. */
const packed = /-(?:gzip|br)"$/

/** Holds reads to the conditions of RFC 9110, 13.1, that hapi does not know: `If-Match`, `If-Unmodified-Since`, `If-None-Match: *`. */
export function holdReadsToConditions(server: Server): void {
  server.ext('onPreResponse', (request, h) => {
    const { response } = request
    const isRead = request.method === 'get' || (request.method as string) === 'head'
    if (!isRead || response instanceof Error || response.statusCode !== 200) return h.continue
    const { etag, 'last-modified': modified } = response.headers as Record<string, string | undefined>
    if (etag !== undefined && request.headers['if-none-match'] === '*') request.headers['if-none-match'] = etag
    if (isAsWanted(request.headers, etag, modified)) return h.continue
    return h.response(refusal(request)).code(412).type('application/problem+json').header('cache-control', 'no-store')
  })
}

function isAsWanted(headers: Request['headers'], etag: string | undefined, modified: string | undefined): boolean {
  const { 'if-match': match, 'if-unmodified-since': since } = headers as Record<string, string | undefined>
  if (match !== undefined && etag !== undefined)
    return match.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(packed, '"')))
  // A date that is none, and one beside tags, says nothing.
  if (match !== undefined || since === undefined || modified === undefined) return true
  return !(Date.parse(modified) > Date.parse(since))
}

function refusal(request: Request): object {
  const problem = new Problem(412, 'precondition_failed', 'What is at this address is not what the request expects.')
  return problemBody(problem, contextOf(request.raw.req).traceId)
}
