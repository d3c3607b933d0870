import type { Identity } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import type { Authenticator } from '../ports.ts'
import type { Cookies } from './cookies.ts'
import type { MachineTokens } from './machine-tokens.ts'
import type { Sessions } from './sessions.ts'

const bearer = /^Bearer ([\w-]{43})$/i
const secret = /^[\w-]{43}$/

/** A bearer token speaks for a machine, the session cookie for a person; a request with both is the machine's. */
export class HostAuthenticator implements Authenticator {
  readonly #cookies: Cookies
  readonly #sessions: Sessions
  readonly #tokens: MachineTokens

  constructor(cookies: Cookies, sessions: Sessions, tokens: MachineTokens) {
    this.#cookies = cookies
    this.#sessions = sessions
    this.#tokens = tokens
  }

  async authenticate(request: IncomingMessage, options: { activity: boolean }): Promise<Identity | undefined> {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const token = bearer.exec(authorization)?.[1]
      return token === undefined ? undefined : this.#tokens.identify(token)
    }
    const token = this.#cookies.read(request, this.#cookies.session)
    if (token === undefined || !secret.test(token)) return undefined
    return this.#sessions.identify(token, options.activity && request.headers['x-dcesop-background'] !== '1')
  }
}
