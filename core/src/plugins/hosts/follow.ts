import { type Disposable, Problem, toDisposable } from '@dcesop/sdk-plugin'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { type Reason, reasonOf } from '../journal/reasons.ts'
import { Barred } from '../lifecycle/barred.ts'
import { BringUpFailure } from '../lifecycle/bring-up.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import { ownVersions } from '../lifecycle/lanes.ts'
import { sameGeneration } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { resolve } from '../resolver/resolve.ts'
import { converge } from './converge.ts'
import { finishLeft, isUnderWay } from './finish-left.ts'
import type { Observed } from './nodes.ts'

const lookMs = 500
const beatMs = 2000
/** Time before a generation that did not start here is tried again. */
const againMs = 30_000

interface Failure {
  readonly generation: GenerationKey
  /** All that was to be started then: something else is tried at once. */
  readonly wanted: string
  readonly why: Reason
  readonly at: number
  /** By an order or the registry, which may let it run again at any time: that is looked at each time. */
  readonly barred: boolean
}

/** Looks what other hosts have changed, takes it over, and tells what this one runs. */
export class Follower {
  readonly #parts: LifecycleParts
  readonly #exclusive: Exclusive
  readonly #newSlot: (plugin: string, version: string) => Slot
  readonly #failures = new Map<string, Failure>()
  #wasAccompanied = false
  #told = ''
  #toldAt = 0

  constructor(parts: LifecycleParts, exclusive: Exclusive, newSlot: (plugin: string, version: string) => Slot) {
    this.#parts = parts
    this.#exclusive = exclusive
    this.#newSlot = newSlot
  }

  /** Looks until disposed; then this host's row is gone. */
  start(): Disposable {
    let stopped = false
    let wake = () => undefined as void
    const loop = async () => {
      while (!stopped) {
        await this.look().catch((error: unknown) => {
          if (!stopped) this.#parts.log.error({ err: error }, 'changes of other hosts could not be looked for')
        })
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, lookMs)
          timer.unref()
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          if (stopped) wake()
        })
      }
    }
    const running = loop()
    // Taking something over may take longer than a host may be silent: the others would go on without this one.
    let telling: Promise<void> = Promise.resolve()
    const beats = setInterval(() => {
      telling = this.tell().catch((error: unknown) =>
        this.#parts.log.error({ err: error }, 'no sign of life was given'),
      )
    }, beatMs)
    beats.unref()
    return toDisposable(async () => {
      stopped = true
      clearInterval(beats)
      wake()
      await running
      await telling
      await this.#parts.nodes.leave()
    })
  }

  /** Brings this host to what the others have; each plugin's failure is its own. */
  async look(): Promise<void> {
    await this.tell()
    // The last one of several may have a change of another to settle.
    this.#wasAccompanied ||= (await this.#parts.nodes.others()).length > 0
    await this.#settleOwn()
    if (!this.#wasAccompanied) return
    const states = new Map((await this.#parts.desired.all()).map((state) => [state.plugin, state]))
    for (const id of await this.#order(states)) await this.#followOne(id, states.get(id))
    await this.tell()
  }

  /** What this host itself left open when the database went away. */
  async #settleOwn(): Promise<void> {
    for (const plugin of this.#exclusive.unsettled) {
      const desired = await this.#parts.desired.get(plugin)
      if (await this.#followOne(plugin, desired, true)) this.#exclusive.unsettled.delete(plugin)
    }
  }

  /** Says that this host is alive, and what it runs. */
  async tell(): Promise<void> {
    const observed = Object.fromEntries([...this.#parts.slots.values()].map((slot) => [slot.id, this.#observed(slot)]))
    const text = JSON.stringify(observed)
    const now = performance.now()
    if (text === this.#told && now - this.#toldAt < beatMs) return
    await this.#parts.nodes.beat(observed)
    this.#told = text
    this.#toldAt = now
  }

  /** @returns whether nothing is left to do */
  async #followOne(plugin: string, desired: DesiredState | undefined, isOurs = false): Promise<boolean> {
    if (this.#exclusive.isBusy(plugin)) return false
    const failure = this.#failures.get(plugin)
    const isRecent = failure && !failure.barred && performance.now() - failure.at < againMs
    if (isRecent && failure.wanted === this.#wanted(plugin, desired)) return false
    try {
      await this.#exclusive.here(async () => {
        const now = await this.#parts.desired.get(plugin)
        if (!now && !this.#parts.slots.has(plugin)) return
        const slot = this.#slotOf(plugin, now)
        await converge(this.#parts, slot, now)
        if (!now) {
          this.#parts.slots.delete(plugin)
          await this.#parts.permissions.forget(plugin)
        }
        this.#failures.delete(plugin)
      })
      if (isOurs || (await isUnderWay(this.#parts, desired)))
        await finishLeft(this.#parts, this.#exclusive, plugin, desired, isOurs)
      return true
    } catch (error) {
      if (error instanceof Problem && error.status === 409) return false
      const generation = (error instanceof BringUpFailure ? error.key : undefined) ?? desired
      const wanted = this.#wanted(plugin, desired)
      const barred = error instanceof BringUpFailure && error.cause instanceof Barred
      const told = { wanted, why: reasonOf(error), at: performance.now(), barred }
      if (generation) this.#failures.set(plugin, { generation, ...told })
      if (!(error instanceof BringUpFailure))
        this.#parts.log.error({ err: error, plugin }, 'a change of another host could not be taken over')
      // What does not start has its row that says why.
      return error instanceof BringUpFailure
    }
  }

  /** What another host prepares, unless it has started here, and all that is wanted. */
  #wanted(plugin: string, desired: DesiredState | undefined): string {
    if (!desired) return ''
    const to = desired.pending?.prepare ? desired.pending.to : undefined
    const prepared = this.#parts.slots.get(plugin)?.prepared
    const open = to && !(prepared && sameGeneration(prepared.key, to)) ? [to] : []
    const own = ownVersions(desired).map(({ region, key }) => [region, nameOf(key)])
    return JSON.stringify([open.map(nameOf), nameOf(desired), own])
  }

  #slotOf(plugin: string, desired: DesiredState | undefined): Slot {
    const known = this.#parts.slots.get(plugin)
    if (known) return known
    const slot = this.#newSlot(plugin, desired?.version ?? '')
    this.#parts.slots.set(plugin, slot)
    return slot
  }

  /** Providers before their consumers; then what is no longer wanted. */
  async #order(states: ReadonlyMap<string, DesiredState>): Promise<string[]> {
    const entries = await Promise.all([...states.values()].map(({ digest }) => this.#parts.catalogue.byDigest(digest)))
    const candidates = new Map(
      entries.flatMap((entry) => (entry ? [[entry.manifest.id, entry.manifest] as const] : [])),
    )
    const { order } = resolve(candidates, [...candidates.keys()], this.#parts.engines)
    return [...new Set([...order, ...states.keys(), ...this.#parts.slots.keys()])]
  }

  #observed(slot: Slot): Observed {
    const failed = this.#failures.get(slot.id)
    const regions = slot.ownRegions.map((region) => [region, slot.servingIn(region)?.generation.key ?? null] as const)
    return {
      ...(slot.active ? { main: slot.active.key } : {}),
      ...(slot.trial ? { canary: slot.trial.serving.generation.key } : {}),
      ...(slot.prepared ? { prepared: slot.prepared.key } : {}),
      ...(regions.length > 0 ? { regions: Object.fromEntries(regions) } : {}),
      ...(failed ? { failed: { generation: failed.generation, ...failed.why } } : {}),
    }
  }
}

function nameOf({ digest, configRevision }: GenerationKey): string {
  return `${digest}/${configRevision}`
}
