import { Problem } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import { isSameOrigin } from './same-origin.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * CSRF: a page of another origin can neither pass the origin check nor send an accepted type without asking first.
 * @param accepted media types of a body; an asterisk with a slash and an asterisk takes all
 * @param publicOrigin the origin browsers use; null takes the request's own host
 * @throws Problem 403 `foreign_origin` or 415 `unsupported_media_type`
 */
export function checkStateChange(
  request: IncomingMessage,
  accepted: readonly string[],
  publicOrigin: string | null,
): void {
  if (safeMethods.has(request.method as string)) return
  const machine = request.headers.authorization !== undefined
  if (!machine && !isSameOrigin(request, publicOrigin))
    throw new Problem(403, 'foreign_origin', 'The request comes from a page of another origin.')
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type === undefined && !hasBody(request)) return
  if (accepted.includes('*/*') || (type !== undefined && accepted.includes(type))) return
  throw new Problem(415, 'unsupported_media_type', `This route accepts ${accepted.join(', ')}.`)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
