import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Problem } from '../../backend/problem.ts'

/** How often something may be done in a time, for each key (an address, an account). */
export class RateLimit {
  readonly #limiter: RateLimiterMemory

  constructor(times: number, seconds = 60) {
    this.#limiter = new RateLimiterMemory({ points: times, duration: seconds })
  }

  /** @throws Problem 429 `too_many_requests` with the seconds to wait */
  async take(key: string): Promise<void> {
    try {
      await this.#limiter.consume(key)
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      throw new Problem(429, 'too_many_requests', 'Too many requests. Wait before the next one.', {
        retryAfter: error.msBeforeNext / 1000,
      })
    }
  }
}
