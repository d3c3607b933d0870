import { Problem } from '@dcesop/sdk-plugin'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { HttpConfig } from '../config/config.ts'

/** What one address or account may do in a minute, and one instance in an hour. */
export class RateLimits {
  readonly #requests
  readonly #publishes
  readonly #signIns
  readonly #reports

  constructor(limits: HttpConfig['limits']) {
    const perMinute = (points: number) => new RateLimiterMemory({ points, duration: 60 })
    this.#requests = perMinute(limits.requestsPerMinutePerAddress)
    this.#publishes = perMinute(limits.publishesPerMinutePerAccount)
    this.#signIns = perMinute(limits.signInsPerMinutePerAddress)
    this.#reports = new RateLimiterMemory({ points: limits.reportsPerHourPerInstance, duration: 3600 })
  }

  /** @throws Problem 429 with the seconds to wait */
  request(address: string): Promise<void> {
    return take(this.#requests, address)
  }

  /** @throws Problem 429 */
  publish(user: string): Promise<void> {
    return take(this.#publishes, user)
  }

  /** Each check of a password. @throws Problem 429 */
  signIn(address: string): Promise<void> {
    return take(this.#signIns, address)
  }

  /** Incidents that an instance reports. @throws Problem 429 */
  report(instance: string): Promise<void> {
    return take(this.#reports, instance)
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
