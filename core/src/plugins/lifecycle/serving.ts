import type { Meter } from '../canary/figures.ts'
import { Breaker } from '../generation/breaker.ts'
import type { Generation } from '../generation/generation.ts'

/** A generation as it serves in this process, with what is measured about it. */
export class Serving {
  readonly generation: Generation
  readonly breaker: Breaker
  /** Counts while a canary is compared with the version before. */
  meter: Meter | undefined

  /** @param changed told when its breaker opens (true) and closes again (false) */
  constructor(generation: Generation, now: () => Date, changed: (isOpen: boolean) => void) {
    this.generation = generation
    this.breaker = new Breaker(
      () => now().getTime(),
      (phase) => changed(phase === 'open'),
    )
  }

  /** One finished request. @param slow whether its handler took most of the time that its route has */
  record(failed: boolean, seconds: number, slow = false): void {
    this.breaker.record(failed, slow)
    this.meter?.request(failed, seconds, slow)
  }
}
