import type { Identity } from '@dcesop/sdk-plugin'
import { Meter } from '../canary/figures.ts'
import { belongsTo, type CanarySpec } from '../canary/spec.ts'
import type { Generation } from '../generation/generation.ts'
import type { State } from '../journal/states.ts'
import { Serving } from './serving.ts'

/** A version on trial beside the one that serves. */
export interface Trial {
  readonly serving: Serving
  readonly spec: CanarySpec
  readonly startedAt: Date
}

/** One installed plugin in this process: what serves whom now, and what is known about it. Replacing `active` is the swap. */
export class Slot {
  readonly id: string
  version: string
  state: State
  reason: string | undefined
  since: Date
  #main: Serving | undefined
  #trial: Trial | undefined
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
  }

  /** The generation that serves everybody who is in no canary. */
  get active(): Generation | undefined {
    return this.#main?.generation
  }

  get main(): Serving | undefined {
    return this.#main
  }

  get trial(): Trial | undefined {
    return this.#trial
  }

  /** Every generation that gets requests. */
  get generations(): Generation[] {
    return [this.#main, this.#trial?.serving].flatMap((serving) => (serving ? [serving.generation] : []))
  }

  /** What serves this person; the same for as long as nothing changes. */
  servingFor(identity: Identity): Serving | undefined {
    const trial = this.#trial
    return trial && belongsTo(trial.spec.cohort, this.id, identity) ? trial.serving : this.#main
  }

  /** The successor starts with a clean record, and ends a trial of its own. */
  serve(generation: Generation | undefined): void {
    if (this.#trial?.serving.generation === generation) this.#trial = undefined
    this.#main = generation && new Serving(generation, this.#now, this.#degraded)
  }

  /** Gives the cohort another generation; from here on both are measured. */
  tryOut(generation: Generation, spec: CanarySpec, startedAt: Date): void {
    const serving = new Serving(generation, this.#now, () => undefined)
    serving.meter = new Meter()
    if (this.#main) this.#main.meter = new Meter()
    this.#trial = { serving, spec, startedAt }
  }

  /** Everybody gets the version before again. */
  endTrial(): void {
    this.#trial = undefined
    if (this.#main) this.#main.meter = undefined
  }

  /** A failure outside a request, of whichever version it was. */
  charge(version?: string): void {
    const trial = this.#trial?.serving
    const charged = trial && trial.generation.key.version === version ? trial : this.#main
    charged?.breaker.record(true)
  }

  /** Nobody is served any more. */
  close(): void {
    this.#trial = undefined
    this.#main = undefined
  }

  show(version: string, state: State, reason?: string): void {
    this.version = version
    this.state = state
    this.reason = reason
    this.since = this.#now()
  }
}
