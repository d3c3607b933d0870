/** Numbers as in the operations guide: half of at least 20 requests within 30 s failed, or one in twenty was too slow. */
export const breakerRules = {
  windowMs: 30_000,
  leastRequests: 20,
  failureRatio: 0.5,
  /** Above it the 95th percentile is one of the slow ones; fewer than five of them are chance. */
  slowRatio: 0.05,
  leastSlow: 5,
  /** The event loop stands still for so long at once, and so long in all of the window, by this plugin. */
  stillMs: 1_000,
  mostStillMs: 3_000,
  openMs: 10_000,
  trials: 5,
} as const

type Phase = 'closed' | 'open' | 'half-open'

/** What opened it: failed requests, slow ones (95th percentile), what the plugin says of its own health, or that it held the event loop. */
export type BreakerCause = 'errors' | 'slow' | 'health' | 'loop'

interface Counted {
  readonly requests: number
  readonly failures: number
  readonly slows: number
}

/** What these requests of one window open a breaker for; undefined when they do not. */
export function opensBy({ requests, failures, slows }: Counted): 'errors' | 'slow' | undefined {
  if (requests < breakerRules.leastRequests) return undefined
  if (failures / requests >= breakerRules.failureRatio) return 'errors'
  return slows >= breakerRules.leastSlow && slows / requests > breakerRules.slowRatio ? 'slow' : undefined
}

interface Outcome {
  readonly at: number
  readonly failed: boolean
  readonly slow: boolean
}

/**
 * Circuit breaker (Nygard, Release It!): closed → open by errors or response times over a sliding window, half-open after a pause,
 * closed again after five successes in a row. While the plugin says that it is unwell, it stays open.
 */
export class Breaker {
  readonly #now: () => number
  readonly #changed: (phase: 'closed' | 'open') => void
  #outcomes: Outcome[] = []
  #phase: Phase = 'closed'
  #cause: BreakerCause = 'errors'
  #openedAt = 0
  #stills: { readonly at: number; readonly ms: number }[] = []
  #successes = 0
  #unwell = false

  /** @param now milliseconds; @param changed told when it opens and when it closes again */
  constructor(now: () => number, changed: (phase: 'closed' | 'open') => void) {
    this.#now = now
    this.#changed = changed
  }

  /** Too many requests failed or were slow, or it is unwell, and it has not recovered. */
  get isOpen(): boolean {
    return this.#phase !== 'closed'
  }

  get isUnwell(): boolean {
    return this.#unwell
  }

  /** Why it opened the last time. */
  get cause(): BreakerCause {
    return this.#cause
  }

  /** Seconds to wait before the next request, 0 when one may pass. */
  get retryAfter(): number {
    if (this.#phase !== 'open') return 0
    if (this.#unwell) return breakerRules.openMs / 1000
    const left = this.#openedAt + breakerRules.openMs - this.#now()
    if (left > 0) return Math.ceil(left / 1000)
    this.#phase = 'half-open'
    this.#successes = 0
    return 0
  }

  /** @param slow whether it took most of the time that its route has */
  record(failed: boolean, slow = false): void {
    if (this.#phase === 'open') return
    if (this.#phase === 'half-open') return this.#tried(failed)
    const now = this.#now()
    this.#outcomes.push({ at: now, failed, slow })
    this.#trim(now)
    if (!failed && !slow) return
    const count = (kind: 'failed' | 'slow') => this.#outcomes.filter((outcome) => outcome[kind]).length
    // Only by what just happened: the window alone may come to look worse as good ones leave it.
    const counted = { failures: failed ? count('failed') : 0, slows: slow ? count('slow') : 0 }
    const cause = opensBy({ requests: this.#outcomes.length, ...counted })
    if (cause) this.#open(now, cause)
  }

  /** It held the event loop: everybody of this host waited, however few of its own requests there were. */
  held(ms: number): void {
    if (ms < breakerRules.stillMs || this.#phase === 'open') return
    const now = this.#now()
    this.#stills = [...this.#stills.filter(({ at }) => at >= now - breakerRules.windowMs), { at: now, ms }]
    if (this.#stills.reduce((sum, still) => sum + still.ms, 0) >= breakerRules.mostStillMs) this.#open(now, 'loop')
  }

  /** What the plugin says of itself counts at once, both ways. */
  feels(well: boolean): void {
    if (well !== this.#unwell) return
    this.#unwell = !well
    if (!well) this.#open(this.#now(), 'health')
    else if (this.#phase !== 'closed') this.#close()
  }

  #trim(now: number): void {
    const oldest = now - breakerRules.windowMs
    const keep = this.#outcomes.findIndex((outcome) => outcome.at >= oldest)
    if (keep > 0) this.#outcomes.splice(0, keep)
    // Only the latest matter for the ratio of a busy plugin.
    if (this.#outcomes.length > 2000) this.#outcomes.splice(0, 1000)
  }

  #tried(failed: boolean): void {
    if (failed) return this.#open(this.#now(), this.#cause)
    this.#successes += 1
    if (this.#successes >= breakerRules.trials) this.#close()
  }

  #open(now: number, cause: BreakerCause): void {
    const first = this.#phase === 'closed'
    this.#phase = 'open'
    this.#cause = cause
    this.#openedAt = now
    if (first) this.#changed('open')
  }

  #close(): void {
    this.#phase = 'closed'
    this.#outcomes = []
    this.#changed('closed')
  }
}
