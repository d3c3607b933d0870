import { RateLimit } from '@dcesop/sdk-plugin/internal/sign-in'
import type { HttpConfig } from '../config/config.ts'

/** What one address or account may do in a minute, and one instance in an hour. */
export class RateLimits {
  readonly #requests: RateLimit
  readonly #publishes: RateLimit
  readonly #signIns: RateLimit
  readonly #reports: RateLimit

  constructor(limits: HttpConfig['limits']) {
    this.#requests = new RateLimit(limits.requestsPerMinutePerAddress)
    this.#publishes = new RateLimit(limits.publishesPerMinutePerAccount)
    this.#signIns = new RateLimit(limits.signInsPerMinutePerAddress)
    this.#reports = new RateLimit(limits.reportsPerHourPerInstance, 3600)
  }

  /** @throws Problem 429 with the seconds to wait */
  request(address: string): Promise<void> {
    return this.#requests.take(address)
  }

  /** @throws Problem 429 */
  publish(user: string): Promise<void> {
    return this.#publishes.take(user)
  }

  /** Each check of a password. @throws Problem 429 */
  signIn(address: string): Promise<void> {
    return this.#signIns.take(address)
  }

  /** Incidents that an instance reports. @throws Problem 429 */
  report(instance: string): Promise<void> {
    return this.#reports.take(instance)
  }
}
