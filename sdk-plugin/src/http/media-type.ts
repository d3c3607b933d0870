import type { IncomingMessage } from 'node:http'
import { Problem } from '../backend/problem.ts'
import type { RouteDeclaration } from '../manifest/types.ts'

/**
 * A body must be of a type that the manifest accepts. Also for an empty body with a type: a form of another site can send
 * `text/plain` and two more, but never `application/json` (Fetch standard, CORS-safelisted request-header).
 * @throws Problem 415
 */
export function mediaTypeAllowed(
  { method, headers }: IncomingMessage,
  { accepts = ['application/json'] }: RouteDeclaration,
): void {
  if (method === 'GET' || method === 'HEAD') return
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (type === undefined ? !hasBody : accepts.includes(type)) return
  throw new Problem(415, 'unsupported_media_type', `This route accepts ${accepts.join(', ')}.`)
}
