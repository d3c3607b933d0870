import { RateLimit } from '@dcesop/sdk-plugin/internal/sign-in'
import type { HttpConfig } from '../config/config.ts'
import type { Caller } from '../identity/caller.ts'
import type { Call } from './json-route.ts'

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

  /** Who changes something: each change is an entry in the log for ever, and counts as a publish. @throws Problem 401, 429 */
  async changer({ caller }: Pick<Call, 'caller'>): Promise<Caller> {
    await this.publish(caller().user)
    return caller()
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
