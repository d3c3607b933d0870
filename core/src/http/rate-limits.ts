import { Problem, type Identity } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { IncomingMessage } from 'node:http'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { HttpConfig } from '../config/config.ts'

/** Requests in a minute: by who makes them once that is known, by network address before. */
export class RateLimits {
  readonly #byIdentity
  readonly #byAddress
  readonly #signIns

  constructor(limits: HttpConfig['limits']) {
    const perMinute = (points: number) => new RateLimiterMemory({ points, duration: 60 })
    this.#byIdentity = perMinute(limits.requestsPerMinutePerIdentity)
    this.#byAddress = perMinute(limits.requestsPerMinutePerAddress)
    this.#signIns = perMinute(limits.signInsPerMinutePerAddress)
  }

  /** @throws Problem 429 `too_many_requests` with the seconds to wait */
  request(request: IncomingMessage, identity: Identity | undefined): Promise<void> {
    return identity ? take(this.#byIdentity, identity.subject) : take(this.#byAddress, clientAddress(request))
  }

  /** Sign-ins and token requests. @throws Problem 429 */
  signIn(request: IncomingMessage): Promise<void> {
    return take(this.#signIns, clientAddress(request))
  }
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    throw new Problem(429, 'too_many_requests', 'Too many requests. Wait before the next one.', {
      retryAfter: error.msBeforeNext / 1000,
    })
  }
}
