import type { Identity } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import { RateLimit } from '@dcesop/sdk-plugin/internal/sign-in'
import type { IncomingMessage } from 'node:http'
import type { HttpConfig } from '../config/config.ts'

/** Requests in a minute: by who makes them once that is known, by network address before. */
export class RateLimits {
  readonly #byIdentity: RateLimit
  readonly #byAddress: RateLimit
  readonly #signIns: RateLimit

  constructor(limits: HttpConfig['limits']) {
    this.#byIdentity = new RateLimit(limits.requestsPerMinutePerIdentity)
    this.#byAddress = new RateLimit(limits.requestsPerMinutePerAddress)
    this.#signIns = new RateLimit(limits.signInsPerMinutePerAddress)
  }

  /** @throws Problem 429 `too_many_requests` with the seconds to wait */
  request(request: IncomingMessage, identity: Identity | undefined): Promise<void> {
    return identity ? this.#byIdentity.take(identity.subject) : this.#byAddress.take(clientAddress(request))
  }

  /** Sign-ins and token requests. @throws Problem 429 */
  signIn(request: IncomingMessage): Promise<void> {
    return this.#signIns.take(clientAddress(request))
  }
}
