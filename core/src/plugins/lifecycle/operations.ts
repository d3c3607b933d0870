import { Problem } from '@dcesop/sdk-plugin'
import type { CanarySpec } from '../canary/spec.ts'
import { endTrial } from '../canary/trial.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import { changeVersion, noCanary, promoteTrial } from './change-version.ts'
import { noWayBack, rollbackBlock, upgradeBlock } from './data-version.ts'
import { runningDependants } from './dependants.ts'
import type { Exclusive } from './exclusive.ts'
import { enabledOf, entryOf, generationOf, installedOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { windowEnd } from './rollback-window.ts'
import type { Slot } from './slot.ts'
import { takeOver, windDown } from './swap.ts'

export interface UpgradeRequest {
  /** The newest in the store when left out. */
  readonly version?: string | undefined
  /** Serves a cohort first. */
  readonly canary?: CanarySpec | undefined
  /** Goes on although the version could not be rolled back; the reason is in the audit log. */
  readonly acceptNoRollback?: boolean | undefined
}

/** What an administrator can do to a plugin. Each resolves when the transition has ended, and rejects with a Problem. */
export class Operations {
  readonly #parts: LifecycleParts
  readonly #exclusive: Exclusive
  readonly #newSlot: (plugin: string, version: string) => Slot

  constructor(parts: LifecycleParts, exclusive: Exclusive, newSlot: (plugin: string, version: string) => Slot) {
    this.#parts = parts
    this.#exclusive = exclusive
    this.#newSlot = newSlot
  }

  /** Adds a plugin to the desired state and starts it. @param version the newest in the store when left out */
  async install(plugin: string, version?: string): Promise<void> {
    const entry = await entryOf(this.#parts, plugin, version)
    await this.#exclusive.run(plugin, async (token) => {
      if (await this.#parts.desired.get(plugin)) {
        throw new Problem(409, 'plugin_installed', `Plugin "${plugin}" is installed. Upgrade it to change its version.`)
      }
      const key = generationOf(this.#parts, entry)
      await this.#parts.desired.put({ ...key, enabled: true, since: this.#parts.clock.now() })
      const slot = this.#newSlot(plugin, key.version)
      this.#parts.slots.set(plugin, slot)
      await this.#parts.permissions.define(entry.manifest)
      await this.#bring(slot, key, token, 'installed')
    })
  }

  async enable(plugin: string): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await installedOf(this.#parts, plugin)
      if (slot.active) throw new Problem(409, 'plugin_enabled', `Plugin "${plugin}" is running.`)
      await this.#parts.desired.put({ ...desired, enabled: true, since: this.#parts.clock.now() })
      await this.#bring(slot, desired, token, 'enabled')
    })
  }

  /** Ends a canary too. @throws Problem 409 `plugin_has_dependants` with the list of running plugins that need it */
  async disable(plugin: string): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await installedOf(this.#parts, plugin)
      const dependants = runningDependants(this.#parts, plugin)
      if (dependants.length > 0) {
        const detail = `Plugin "${plugin}" is needed by ${dependants.join(', ')}. Disable ${dependants.length === 1 ? 'it' : 'these'} first, the last one named first.`
        throw new Problem(409, 'plugin_has_dependants', detail, { extensions: { dependants } })
      }
      const { pending, ...rest } = desired
      if (pending?.canary) await endTrial(this.#parts, slot, desired, token, 'disabled')
      await this.#parts.desired.put({ ...rest, enabled: false, since: this.#parts.clock.now() })
      const generation = slot.active
      if (!generation) return this.#parts.changed()
      slot.serve(undefined)
      slot.show(generation.key.version, 'DRAINING', 'disabled')
      await this.#parts.changed()
      await windDown(this.#parts, generation, token, 'STOPPED', 'disabled')
      await this.#parts.ports.topics.release(plugin)
      slot.show(generation.key.version, 'STOPPED', 'disabled')
      await this.#parts.changed()
    })
  }

  /** Replaces the version; with a canary it resolves when the cohort is served. */
  async upgrade(plugin: string, { version, canary, acceptNoRollback }: UpgradeRequest = {}): Promise<void> {
    const entry = await entryOf(this.#parts, plugin, version)
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await enabledOf(this.#parts, plugin)
      const target = generationOf(this.#parts, entry)
      if (desired.pending?.canary) {
        const detail = `Version ${desired.pending.to.version} of "${plugin}" is served as a canary. Promote it or roll it back first.`
        throw new Problem(409, 'plugin_canary_running', detail)
      }
      if (sameGeneration(target, desired)) {
        throw new Problem(409, 'plugin_version_active', `Plugin "${plugin}" has version ${target.version} already.`)
      }
      const from = slot.active?.manifest
      const block = from && (upgradeBlock(from, entry.manifest) ?? rollbackBlock(from, entry.manifest))
      if (block) throw new Problem(409, 'plugin_data_incompatible', block)
      const oneWay = from && noWayBack(from, entry.manifest)
      // A canary has to be able to end.
      if (oneWay && (canary || !acceptNoRollback)) throw new Problem(409, 'plugin_no_rollback', oneWay)
      await changeVersion(this.#parts, { slot, desired, verb: 'upgrade', target, entry, canary }, token)
    })
  }

  /** Gives a canary to everybody. @throws Problem 409 `plugin_no_canary` */
  async promote(plugin: string): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const installed = await enabledOf(this.#parts, plugin)
      const { pending } = installed.desired
      const entry = pending?.canary && (await this.#parts.catalogue.byDigest(pending.to.digest))
      if (!entry) throw noCanary(plugin)
      await promoteTrial(this.#parts, installed, entry, token)
    })
  }

  /** Ends a canary; without one, brings back the generation before the last upgrade. */
  async rollback(plugin: string, reason = 'rolled back'): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await enabledOf(this.#parts, plugin)
      if (desired.pending?.canary) return endTrial(this.#parts, slot, desired, token, reason)
      const { previous } = desired
      const end = windowEnd(desired)
      if (!previous || !end || end.getTime() <= this.#parts.clock.now().getTime())
        throw new Problem(409, 'plugin_no_previous', `There is no earlier version of "${plugin}" to go back to.`)
      const entry = await this.#parts.catalogue.byDigest(previous.digest)
      if (!entry) {
        const detail = `The package of "${plugin}" ${previous.version} is no longer in the store.`
        throw new Problem(409, 'plugin_no_previous', detail)
      }
      const block = slot.active && rollbackBlock(slot.active.manifest, entry.manifest)
      if (block) throw new Problem(409, 'plugin_data_incompatible', block)
      const target = generationOf(this.#parts, entry)
      await changeVersion(this.#parts, { slot, desired, verb: 'rollback', target, entry }, token)
    })
  }

  async #bring(slot: Slot, key: GenerationKey, token: number, reason: string): Promise<void> {
    try {
      await takeOver(this.#parts, slot, await bringUp(this.#parts, key, token, reason), token)
    } catch (error) {
      throw error instanceof BringUpFailure ? error.toProblem(key) : error
    } finally {
      await this.#parts.changed()
    }
  }
}
