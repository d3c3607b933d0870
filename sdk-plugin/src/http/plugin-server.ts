import type { Request, ResponseObject, ServerOptions } from '@hapi/hapi'

/** Bytes from which on an answer is worth compressing. */
export const leastCompressed = 1024

/** How hapi serves the routes of a plugin. */
export const pluginServerOptions = {
  debug: false,
  compression: { minBytes: leastCompressed },
  routes: { state: { parse: false, failAction: 'ignore' }, response: { emptyStatusCode: 204, ranges: false } },
} as const satisfies ServerOptions

/** Data answers are never cached and never interpreted as a page. */
export const answerHeaders: readonly (readonly [string, string])[] = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
]

/** Gives an answer of a plugin what every one carries. */
export function finishAnswer({ raw, info }: Request, response: ResponseObject, traceId: string): void {
  // What is left of a refused body is read away: closing over unread bytes resets the connection, and the answer is lost.
  if (response.statusCode >= 400) raw.req.resume()
  // A compressor would hold back the small steps of a streamed answer.
  if (response.variety === 'stream') info.acceptEncoding = 'identity'
  for (const [name, value] of answerHeaders) response.header(name, value)
  response.header('x-trace-id', traceId)
}
