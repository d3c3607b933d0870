/** Opens when too many requests fail. Numbers as in the operations guide: half of at least 20 within 30 s. */
const breakerRules = {
  windowMs: 30_000,
  leastRequests: 20,
  failureRatio: 0.5,
  openMs: 10_000,
  trials: 5,
} as const

type Phase = 'closed' | 'open' | 'half-open'

/**
 * Circuit breaker (Nygard, Release It!): closed → open by error ratio over a sliding window, half-open after a pause,
 * closed again after five successes in a row.
 */
export class Breaker {
  readonly #now: () => number
  readonly #changed: (phase: 'closed' | 'open') => void
  #outcomes: { at: number; failed: boolean }[] = []
  #phase: Phase = 'closed'
  #openedAt = 0
  #successes = 0

  /** @param now milliseconds; @param changed told when it opens and when it closes again */
  constructor(now: () => number, changed: (phase: 'closed' | 'open') => void) {
    this.#now = now
    this.#changed = changed
  }

  /** Too many requests failed, and it has not recovered. */
  get isOpen(): boolean {
    return this.#phase !== 'closed'
  }

  /** Seconds to wait before the next request, 0 when one may pass. */
  get retryAfter(): number {
    if (this.#phase !== 'open') return 0
    const left = this.#openedAt + breakerRules.openMs - this.#now()
    if (left > 0) return Math.ceil(left / 1000)
    this.#phase = 'half-open'
    this.#successes = 0
    return 0
  }

  record(failed: boolean): void {
    if (this.#phase === 'open') return
    if (this.#phase === 'half-open') return this.#tried(failed)
    const now = this.#now()
    this.#outcomes.push({ at: now, failed })
    if (!failed) return this.#trim(now)
    this.#trim(now)
    const failures = this.#outcomes.filter((outcome) => outcome.failed).length
    if (
      this.#outcomes.length >= breakerRules.leastRequests &&
      failures / this.#outcomes.length >= breakerRules.failureRatio
    )
      this.#open(now)
  }

  #trim(now: number): void {
    const oldest = now - breakerRules.windowMs
    const keep = this.#outcomes.findIndex((outcome) => outcome.at >= oldest)
    if (keep > 0) this.#outcomes.splice(0, keep)
    // Only the latest matter for the ratio of a busy plugin.
    if (this.#outcomes.length > 2000) this.#outcomes.splice(0, 1000)
  }

  #tried(failed: boolean): void {
    if (failed) return this.#open(this.#now())
    this.#successes += 1
    if (this.#successes < breakerRules.trials) return
    this.#phase = 'closed'
    this.#outcomes = []
    this.#changed('closed')
  }

  #open(now: number): void {
    const first = this.#phase === 'closed'
    this.#phase = 'open'
    this.#openedAt = now
    if (first) this.#changed('open')
  }
}
