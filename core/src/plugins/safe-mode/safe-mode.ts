import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DesiredState } from '../journal/desired.ts'
import { because } from '../journal/reasons.ts'
import { mayFollow } from '../journal/states.ts'
import { rollbackBlock } from '../lifecycle/data-version.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import { keyOf, sameGeneration } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { providerOf, required } from '../resolver/dependencies.ts'
import type { BootRecord, Findings, SafeModeRules } from './boot-record.ts'

/** A generation that waits for its turn. */
export interface Waiting {
  readonly plugin: string
  /** Starts it, or lets it take over from the one known as good. */
  add(): Promise<void>
}

/**
 * Starts after the host went down again and again: first what it cannot do without, then the others one by one. The one during
 * which it goes down is in quarantine at the next start.
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
    const { mode, culprit } = this.#findings
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
      if (!desired || !good || !sameGeneration(desired, culprit) || sameGeneration(good, culprit)) return
      const { pending: _, previous: __, rollbackUntil: ___, ...rest } = desired
      await this.#parts.desired.put({ ...rest, ...good, since: this.#parts.clock.now() })
    })
  }

  /** What starts in place of the desired generation: the last that is known as good. */
  async firstVersion(state: DesiredState): Promise<DesiredState> {
    const good = this.#record.good[state.plugin]
    if (this.#findings.mode !== 'safe' || !good || sameGeneration(good, state)) return state
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
    this.#waiting = waiting.map(({ plugin }) => plugin)
    const done = this.#addAll(waiting, stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#parts.log.error({ err: error }, 'safe mode could not go on')
    })
    return toDisposable(async () => {
      stop.abort()
      await done
    })
  }

  /** Notes what has served for long enough. Runs until disposed. */
  watchGood(): Disposable {
    const timer = setInterval(() => void this.#noteGood(), Math.min(this.#rules.settleMs, 10_000))
    timer.unref()
    return toDisposable(() => clearInterval(timer))
  }

  async end(): Promise<void> {
    await this.#record.end()
  }

  async #addAll(waiting: readonly Waiting[], signal: AbortSignal): Promise<void> {
    if (this.#record.mode === 'normal') return
    for (const { plugin, add } of waiting) {
      const desired = await this.#parts.desired.get(plugin)
      if (desired) await this.#record.suspect(keyOf(desired))
      await add()
      await sleep(this.#rules.watchMs, undefined, { signal })
      await this.#record.suspect(undefined)
      this.#waiting = this.#waiting.filter((one) => one !== plugin)
    }
    await this.#record.back()
    this.#parts.log.info({}, 'the host has outlived every plugin: safe mode is over')
  }

  async #noteGood(): Promise<void> {
    const before = this.#parts.clock.now().getTime() - this.#rules.settleMs
    const keys = [...this.#parts.slots.values()].flatMap(({ active, state, since, trial }) =>
      active && state === 'ACTIVE' && !trial && since.getTime() <= before ? [active.key] : [],
    )
    await this.#record
      .knowAsGood(keys)
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'the record of this run could not be written'))
  }

  #isGood({ id }: PluginManifest): boolean {
    return this.#record.good[id] !== undefined
  }
}
