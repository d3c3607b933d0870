import type { IncomingMessage } from 'node:http'

/**
 * Whether a browser sent the request from a page of this origin. Requests without `Origin` and `Sec-Fetch-Site` do not come from a
 * page of another origin: every browser sends at least one of them with a state-changing request.
 * @param publicOrigin the origin browsers use; null takes the request's own host
 */
export function isSameOrigin(request: IncomingMessage, publicOrigin: string | null): boolean {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (origin === undefined) return true
  if (publicOrigin !== null) return origin === publicOrigin
  return origin === `http://${host}` || origin === `https://${host}`
}
