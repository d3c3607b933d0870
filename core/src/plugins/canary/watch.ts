import { type Disposable, Problem, toDisposable } from '@dcesop/sdk-plugin'
import { breakerRules, opensBy } from '../generation/breaker.ts'
import type { Reason } from '../journal/reasons.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { Slot, Trial } from '../lifecycle/slot.ts'
import { canaryId, type CanaryFigures, type Pair } from './canary-figures.ts'
import { type Figures, figuresView, noFigures, sum } from './figures.ts'
import { Recent } from './recent.ts'
import { judge, type Verdict } from './verdict.ts'

const everyMs = 1000

/** What ends a canary. */
export interface CanaryEnds {
  /** @param why with the figures */
  promote(plugin: string, why: Reason): Promise<void>
  rollback(plugin: string, why: Reason): Promise<void>
}

/** Measures running canaries, judges them and acts: promotes what is within its budgets, rolls back what is not. */
export class CanaryWatch {
  readonly #parts: LifecycleParts
  readonly #figures: CanaryFigures
  readonly #ends: CanaryEnds
  /** Figures of this node from before its last stop. */
  readonly #before = new WeakMap<Trial, Pair>()
  /** What came to all nodes lately. */
  readonly #recent = new WeakMap<Trial, Recent>()

  constructor(parts: LifecycleParts, figures: CanaryFigures, ends: CanaryEnds) {
    this.#parts = parts
    this.#figures = figures
    this.#ends = ends
  }

  /** Looks every second until disposed, and keeps the figures a last time then. */
  start(): Disposable {
    let round: Promise<void> = Promise.resolve()
    let looking = false
    const timer = setInterval(() => {
      if (looking) return
      looking = true
      round = this.#lookAtAll(true).finally(() => (looking = false))
    }, everyMs)
    timer.unref()
    return toDisposable(async () => {
      clearInterval(timer)
      await round
      await this.#lookAtAll(false)
    })
  }

  /** What the administration shows of a plugin's canary; null when there is none. */
  async report(slot: Slot) {
    const { trial } = slot
    if (!trial) return null
    const measured = await this.#measure(slot, trial)
    const { candidate, baseline, elapsedSeconds } = measured
    const { kind, why } = judge(trial.spec, measured)
    const { cohort, minRequests, minSeconds, budgets, promote } = trial.spec
    return {
      version: trial.serving.generation.key.version,
      since: trial.startedAt.toISOString(),
      ...cohort,
      minRequests,
      minSeconds,
      budgets,
      promote,
      elapsedSeconds: Math.round(elapsedSeconds),
      figures: { canary: figuresView(candidate), before: figuresView(baseline) },
      verdict: kind,
      explanation: why.reason,
      causes: why.causes ?? [],
    }
  }

  async #lookAtAll(act: boolean): Promise<void> {
    for (const slot of this.#parts.slots.values()) {
      if (!slot.trial) continue
      try {
        const verdict = await this.#judged(slot, slot.trial)
        if (act) await this.#act(slot, slot.trial, verdict)
      } catch (error) {
        // Somebody else is changing the plugin, here or on another node: the next look sees what came of it.
        if (error instanceof Problem && error.status === 409) continue
        this.#parts.log.error({ err: error, plugin: slot.id }, 'a canary could not be judged; it goes on')
      }
    }
  }

  async #judged(slot: Slot, trial: Trial): Promise<Verdict> {
    return judge(trial.spec, await this.#measure(slot, trial))
  }

  async #act({ id, trial: current }: Slot, trial: Trial, { kind, why }: Verdict): Promise<void> {
    if (current !== trial || kind === 'wait') return
    if (kind === 'over') return this.#ends.rollback(id, why)
    if (trial.spec.promote === 'auto') await this.#ends.promote(id, why)
  }

  async #measure(slot: Slot, trial: Trial) {
    const { key } = trial.serving.generation
    const canary = canaryId(key, trial.startedAt)
    const before = this.#before.get(trial) ?? (await this.#figures.own(canary))
    this.#before.set(trial, before)
    await this.#figures.put(slot.id, canary, {
      candidate: sum([before.candidate, trial.serving.meter?.figures ?? noFigures]),
      baseline: sum([before.baseline, slot.main?.meter?.figures ?? noFigures]),
    })
    const elapsedSeconds = (this.#parts.clock.now().getTime() - trial.startedAt.getTime()) / 1000
    const { isOpen: broken, isUnwell } = trial.serving.breaker
    // What ails both is not the canary's: a database that is away, say.
    const unwell = isUnwell && slot.main?.breaker.isUnwell !== true
    const total = await this.#figures.total(canary)
    const everywhere = this.#opensEverywhere(trial, total.candidate)
    return { ...total, elapsedSeconds, broken: (broken && !isUnwell) || everywhere, unwell }
  }

  /** Whether a breaker would open that saw the requests of all nodes: each of them alone may see too few. */
  #opensEverywhere(trial: Trial, candidate: Figures): boolean {
    const recent = this.#recent.get(trial) ?? new Recent(breakerRules.windowMs, trial.startedAt.getTime())
    this.#recent.set(trial, recent)
    return opensBy(recent.add(this.#parts.clock.now().getTime(), candidate)) !== undefined
  }
}
