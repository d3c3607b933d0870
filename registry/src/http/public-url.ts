import { Problem } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'

const hostPattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/

/** A scheme, a name and perhaps a port, in the form that browsers compare: another one would never match. */
export function isOrigin(text: string): boolean {
  const address = URL.parse(text)
  return address?.origin === text && hostPattern.test(address.host)
}

/**
 * Address under which this client reaches the registry: the configured one, else the request's own `Host`.
 * @throws Problem 400 for a `Host` that is none: it would end up in the addresses that other clients follow
 */
export function publicUrlOf(request: IncomingMessage, configured: string | null): string {
  if (configured !== null) return configured
  const { host = '' } = request.headers
  if (!hostPattern.test(host)) throw new Problem(400, 'invalid_request', 'The Host header is not a host name.')
  return `http://${host}`
}
