import type { Meter } from '../canary/figures.ts'
import { Lately } from '../canary/lately.ts'
import { Breaker } from '../generation/breaker.ts'
import type { Generation } from '../generation/generation.ts'

/** A generation as it serves in this process, with what is measured about it. */
export class Serving {
  readonly generation: Generation
  readonly breaker: Breaker
  /** Counts while a canary is compared with the version before. */
  meter: Meter | undefined
  /** How it does, for whoever looks. */
  readonly lately: Lately

  /** @param changed told when its breaker opens (true) and closes again (false) */
  constructor(generation: Generation, now: () => Date, changed: (isOpen: boolean) => void) {
    this.generation = generation
    this.lately = new Lately(() => now().getTime())
    this.breaker = new Breaker(
      () => now().getTime(),
      (phase) => changed(phase === 'open'),
    )
  }

  /** One finished request. @param slow whether its handler took most of the time that its route has */
  record(failed: boolean, seconds: number, slow = false): void {
    this.breaker.record(failed, slow)
    this.lately.request(failed, seconds, slow)
    this.meter?.request(failed, seconds, slow)
  }
}
