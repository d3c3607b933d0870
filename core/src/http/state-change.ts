import { Problem } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import { isSameOrigin } from './same-origin.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * CSRF: whether a page of another origin asks for a change; where this one does not tell, it cannot send an accepted type without
 * asking first.
 * @param publicOrigin the origin browsers use; null takes the request's own host
 */
export function isForeignChange(request: IncomingMessage, publicOrigin: string | null): boolean {
  if (safeMethods.has(request.method as string)) return false
  const machine = request.headers.authorization !== undefined
  return !machine && !isSameOrigin(request, publicOrigin)
}

/**
 * @param accepted media types of the body of a change; an asterisk with a slash and an asterisk takes all
 * @throws Problem 415 `unsupported_media_type`
 */
export function checkMediaType(request: IncomingMessage, accepted: readonly string[]): void {
  if (safeMethods.has(request.method as string)) return
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type === undefined && !hasBody(request)) return
  if (accepted.includes('*/*')) return
  if (type !== undefined && accepted.includes(type)) return checkCharset(request)
  throw new Problem(415, 'unsupported_media_type', `This route accepts ${accepted.join(', ')}.`)
}

/** Bodies are read as UTF-8, of which ASCII is a part; in another charset the same bytes are another text. */
function checkCharset({ headers }: IncomingMessage): void {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset)) return
  throw new Problem(415, 'unsupported_media_type', 'This route accepts UTF-8 only.')
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
