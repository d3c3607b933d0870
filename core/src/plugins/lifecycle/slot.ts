import type { Identity } from '@dcesop/sdk-plugin'
import { Meter } from '../canary/figures.ts'
import { belongsTo, type CanarySpec } from '../canary/spec.ts'
import type { Generation } from '../generation/generation.ts'
import type { Reason } from '../journal/reasons.ts'
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
  why: Reason | undefined
  since: Date
  #main: Serving | undefined
  /** Regions that have a version of their own; undefined where the plugin is off. */
  readonly #elsewhere = new Map<string, Serving | undefined>()
  #trial: Trial | undefined
  /** Whether a generation must serve nobody, whatever is under way with it. */
  refuses: (generation: Generation) => boolean = () => false
  /** Started for a change that another host makes, and not serving yet. */
  prepared: Generation | undefined
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

  /** Everything that gets requests. */
  get servings(): Serving[] {
    return [this.#main, this.#trial?.serving, ...this.#elsewhere.values()].flatMap((serving) => serving ?? [])
  }

  /** Every generation that gets requests. */
  get generations(): Generation[] {
    return this.servings.map(({ generation }) => generation)
  }

  /** Regions with a state of their own. */
  get ownRegions(): string[] {
    return [...this.#elsewhere.keys()]
  }

  /** What serves in a region, apart from a canary. */
  servingIn(region: string): Serving | undefined {
    return this.#elsewhere.has(region) ? this.#elsewhere.get(region) : this.#main
  }

  /**
   * What serves this person; the same for as long as nothing changes. With several regions it is the first in which the plugin
   * serves.
   * @param region that the request names; counts when it is one of the person's
   */
  servingFor(identity: Identity, region?: string): Serving | undefined {
    const named = region !== undefined && identity.regions.includes(region)
    const serving = this.#elsewhere.size === 0 ? this.#main : this.#inOneOf(named ? [region] : identity.regions)
    const trial = this.#trial
    const mayTry = trial !== undefined && serving === this.#main && !this.refuses(trial.serving.generation)
    if (mayTry && belongsTo(trial.spec.cohort, this.id, identity)) return trial.serving
    return serving && this.refuses(serving.generation) ? undefined : serving
  }

  /** The successor starts with a clean record, and ends a trial of its own. */
  serve(generation: Generation | undefined): void {
    if (this.#trial?.serving.generation === generation) this.#trial = undefined
    this.#main = generation && new Serving(generation, this.#now, this.#degraded)
  }

  /** Gives a region a version of its own, or none. */
  serveIn(region: string, generation: Generation | undefined): void {
    this.#elsewhere.set(region, generation && new Serving(generation, this.#now, () => undefined))
  }

  /** The region has what most have again. */
  followMain(region: string): void {
    this.#elsewhere.delete(region)
  }

  /** Whether any region has a state of its own. */
  get isRegional(): boolean {
    return this.#elsewhere.size > 0
  }

  /** Whether the region has a state of its own. */
  differsIn(region: string): boolean {
    return this.#elsewhere.has(region)
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

  /** One of its versions held the event loop of this process: what serves, not one that only starts. */
  held(ms: number, version: string | undefined): void {
    for (const { breaker, generation } of this.servings) if (generation.key.version === version) breaker.held(ms)
  }

  /** Nobody is served any more. */
  close(): void {
    this.#trial = undefined
    this.#main = undefined
    for (const region of this.#elsewhere.keys()) this.#elsewhere.set(region, undefined)
  }

  #inOneOf(regions: readonly string[]): Serving | undefined {
    if (regions.length === 0) return this.#main
    for (const region of regions) {
      const serving = this.servingIn(region)
      if (serving) return serving
    }
    return undefined
  }

  show(version: string, state: State, why?: Reason): void {
    this.version = version
    this.state = state
    this.why = why
    this.since = this.#now()
  }
}
