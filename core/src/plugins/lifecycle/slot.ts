import { Breaker } from '../generation/breaker.ts'
import type { Generation } from '../generation/generation.ts'
import type { State } from '../journal/states.ts'

/** One installed plugin in this process: what serves now, and what is known about it. Replacing `active` is the swap. */
export class Slot {
  readonly id: string
  version: string
  state: State
  reason: string | undefined
  since: Date
  breaker: Breaker
  #active: Generation | undefined
  readonly #now: () => Date
  readonly #degraded: (isDegraded: boolean) => void

  /** @param degraded told when the breaker opens (true) and closes again (false) */
  constructor(id: string, version: string, now: () => Date, degraded: (isDegraded: boolean) => void) {
    this.id = id
    this.version = version
    this.state = 'STOPPED'
    this.#now = now
    this.since = now()
    this.#degraded = degraded
    this.breaker = this.#newBreaker()
  }

  get active(): Generation | undefined {
    return this.#active
  }

  /** The successor starts with a clean record. */
  serve(generation: Generation | undefined): void {
    this.#active = generation
    this.breaker = this.#newBreaker()
  }

  show(version: string, state: State, reason?: string): void {
    this.version = version
    this.state = state
    this.reason = reason
    this.since = this.#now()
  }

  #newBreaker(): Breaker {
    return new Breaker(
      () => this.#now().getTime(),
      (phase) => this.#degraded(phase === 'open'),
    )
  }
}
