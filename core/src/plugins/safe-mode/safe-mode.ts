import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because } from '../journal/reasons.ts'
import { mayFollow } from '../journal/states.ts'
import { rollbackBlock } from '../lifecycle/data-version.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import { keyOf, sameGeneration } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { providerOf, required } from '../resolver/dependencies.ts'
import type { BootRecord, Findings, SafeModeRules } from './boot-record.ts'
import { onEndingItself } from './ends-itself.ts'

/** An end without a trace that comes sooner after a plugin started may be its doing; later it is as likely somebody outside. */
const soonMs = 2000

/** A generation that waits for its turn. */
export interface Waiting {
  readonly plugin: string
  readonly key: GenerationKey
  readonly manifest: PluginManifest
  /** Starts it, or lets it take over from the one known as good. */
  add(): Promise<void>
}

/**
 * Starts after the host went down again and again: first what it cannot do without, then, when it outlives that, the others one by
 * one. The one during which it goes down comes last at the next start, and is in quarantine when it goes down during that one again.
 */
export class SafeMode {
  readonly #parts: LifecycleParts
  readonly #exclusive: Exclusive
  readonly #record: BootRecord
  readonly #rules: SafeModeRules
  #waiting: readonly string[] = []
  #findings: Findings = { mode: 'normal' }

  constructor(parts: LifecycleParts, exclusive: Exclusive, record: BootRecord, rules: SafeModeRules) {
    this.#parts = parts
    this.#exclusive = exclusive
    this.#record = record
    this.#rules = rules
  }

  /** For the administration: null in normal operation. */
  get report(): { mode: string; waiting: readonly string[] } | null {
    return this.#record.mode === 'normal' ? null : { mode: this.#record.mode, waiting: this.#waiting }
  }

  /** Before anything starts: judges the last run, and puts the one that brought it down aside. */
  async begin(): Promise<void> {
    this.#findings = await this.#record.begin(this.#rules)
    const { mode, culprit, outside } = this.#findings
    if (outside) this.#parts.log.warn({}, 'the host went down with no plugin in it: no plugin is at fault')
    if (mode !== 'normal')
      this.#parts.log.error({ mode, culprit }, 'the host went down too often: it begins in safe mode')
    if (!culprit) return
    const { plugin } = culprit
    await this.#exclusive.run(plugin, async (token) => {
      const state = await this.#parts.journal.state(culprit)
      const why = because('safe_mode_culprit')
      if (mayFollow(state, 'QUARANTINED'))
        await this.#parts.journal.append(culprit, 'QUARANTINED', token, why, { safeMode: true })
      await this.#parts.ports.audit.append({
        action: 'plugin.quarantine',
        outcome: 'allowed',
        actor: { subject: 'safe-mode', kind: 'system' },
        resource: plugin,
        reason: why.reason,
        details: { version: culprit.version },
      })
      const desired = await this.#parts.desired.get(plugin)
      const good = this.#record.good[plugin]
      if (!desired || desired.pinned || !good || !sameGeneration(desired, culprit) || sameGeneration(good, culprit))
        return
      const { pending: _, previous: __, rollbackUntil: ___, ...rest } = desired
      await this.#parts.desired.put({ ...rest, ...good, since: this.#parts.clock.now() }, token)
    })
  }

  /** What starts in place of the desired generation: the last that is known as good. */
  async firstVersion(state: DesiredState): Promise<DesiredState> {
    const good = this.#record.good[state.plugin]
    if (this.#findings.mode !== 'safe' || state.pinned || !good || sameGeneration(good, state)) return state
    const [to, from] = await Promise.all([
      this.#parts.catalogue.byDigest(good.digest),
      this.#parts.catalogue.byDigest(state.digest),
    ])
    if (!to || (from && rollbackBlock(from.manifest, to.manifest))) return state
    const { pending: _, ...rest } = state
    return { ...rest, ...keyOf(good) }
  }

  /** Ids that start at once, with what they need. */
  atOnce(manifests: readonly PluginManifest[]): ReadonlySet<string> {
    if (this.#findings.mode === 'normal') return new Set(manifests.map(({ id }) => id))
    if (this.#findings.mode === 'bare') return new Set()
    const chosen = new Set<string>()
    const choose = (manifest: PluginManifest) => {
      if (chosen.has(manifest.id)) return
      chosen.add(manifest.id)
      for (const { capability } of required(manifest)) {
        const provider = providerOf(capability, manifests)?.manifest
        if (provider) choose(provider)
      }
    }
    for (const manifest of manifests)
      if (manifest.criticality === 'mandatory' || this.#isGood(manifest)) choose(manifest)
    return chosen
  }

  /** Adds the others one after the other, each watched for a time; then the host is as it was. Runs until disposed. */
  addOneByOne(waiting: readonly Waiting[]): Disposable {
    const stop = new AbortController()
    const turns = this.#fallenLast(waiting)
    this.#waiting = turns.map(({ plugin }) => plugin)
    const done = this.#addAll(turns, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#parts.log.error({ err: error }, 'safe mode could not go on')
    })
    return toDisposable(async () => {
      stop.abort()
      await done
    })
  }

  /** Notes what has served for long enough, and whether the process ends by itself. Runs until disposed. */
  watch(): Disposable {
    const { settleMs, watchMs } = this.#rules
    const timer = setInterval(() => void this.#note(), Math.min(settleMs, watchMs, soonMs / 4))
    timer.unref()
    const ending = onEndingItself(() => this.#record.endsByItself())
    const { fatalReport } = this.#record
    Object.assign(process.report, {
      directory: dirname(fatalReport),
      filename: basename(fatalReport),
      reportOnFatalError: true,
      compact: true,
      excludeEnv: true,
      excludeNetwork: true,
    })
    return toDisposable(async () => {
      clearInterval(timer)
      await ending.dispose()
      process.report.reportOnFatalError = false
    })
  }

  async end(): Promise<void> {
    await this.#record.end()
  }

  async #addAll(waiting: readonly Waiting[], signal: AbortSignal): Promise<void> {
    if (this.#record.mode === 'normal') return
    // Longer each time: who ends the host so long after each start meets another plugin, or none.
    await sleep(this.#rules.watchMs * (1 + this.#record.ends), undefined, { signal })
    for (const { plugin, key, add } of waiting) {
      await this.#record.suspect(key)
      await add()
      await sleep(this.#rules.watchMs, undefined, { signal })
      this.#waiting = this.#waiting.filter((one) => one !== plugin)
    }
    await this.#record.back()
    this.#parts.log.info({}, 'the host has outlived every plugin: safe mode is over')
  }

  async #note(): Promise<void> {
    const slots = [...this.#parts.slots.values()].filter(({ active }) => active)
    const now = this.#parts.clock.now().getTime()
    const forLong = ({ since }: Slot, ms: number) => since.getTime() <= now - ms
    const keys = slots.flatMap((slot) => {
      const { active, state, trial } = slot
      return active && state === 'ACTIVE' && !trial && forLong(slot, this.#rules.settleMs) ? [active.key] : []
    })
    try {
      await this.#record.knowAsGood(keys)
      await this.#record.outlives(slots.every((slot) => forLong(slot, Math.min(soonMs, this.#rules.watchMs))))
    } catch (error) {
      this.#parts.log.error({ err: error }, 'the record of this run could not be written')
    }
  }

  /** After those with which the host has not gone down yet, and with what needs them. */
  #fallenLast(waiting: readonly Waiting[]): readonly Waiting[] {
    const manifests = waiting.map(({ manifest }) => manifest)
    const late = new Set<string>()
    for (const { key, manifest } of waiting) {
      const needsOne = required(manifest).some(({ capability }) =>
        late.has(providerOf(capability, manifests)?.manifest.id ?? ''),
      )
      if (this.#record.fell(key) || needsOne) late.add(manifest.id)
    }
    const isLate = ({ plugin }: Waiting) => late.has(plugin)
    return [...waiting.filter((one) => !isLate(one)), ...waiting.filter(isLate)]
  }

  #isGood({ id }: PluginManifest): boolean {
    return this.#record.good[id] !== undefined
  }
}
