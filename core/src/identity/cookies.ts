import type { ResponseObject } from '@hapi/hapi'
import type { IncomingMessage } from 'node:http'

const deviceSeconds = 180 * 24 * 3600

/** Names and attributes of the host's two cookies; `__Host-` binds them to this host once the site is https. */
export class Cookies {
  readonly #secure: boolean
  readonly session: string
  readonly device: string

  constructor(secure: boolean) {
    this.#secure = secure
    const prefix = secure ? '__Host-' : ''
    this.session = `${prefix}dcesop`
    this.device = `${prefix}dcesop-device`
  }

  /** Value of a cookie; undefined when absent or sent twice. */
  read(request: IncomingMessage, name: string): string | undefined {
    const header = request.headers.cookie
    if (!header) return undefined
    const values = header
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(`${name}=`))
    return values.length === 1 ? values[0]?.slice(name.length + 1) : undefined
  }

  setSession(token: string): string {
    return this.#line(this.session, token)
  }

  clearSession(): string {
    return this.#line(this.session, '', 0)
  }

  setDevice(token: string): string {
    return this.#line(this.device, token, deviceSeconds)
  }

  #line(name: string, value: string, maxAge?: number): string {
    const parts = [`${name}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Strict']
    if (this.#secure) parts.push('Secure')
    if (maxAge !== undefined) parts.push(`Max-Age=${maxAge}`)
    return parts.join('; ')
  }
}

export function withCookie(reply: ResponseObject, line: string): ResponseObject {
  return reply.header('set-cookie', line, { append: true })
}
