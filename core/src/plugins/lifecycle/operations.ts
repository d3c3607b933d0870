import { notFound, Problem } from '@dcesop/sdk-plugin'
import type { CanarySpec } from '../canary/spec.ts'
import { endTrial } from '../canary/trial.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because } from '../journal/reasons.ts'
import { type FirstSettings, firstGeneration } from '../settings/first-settings.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { type Companion, planCompanions } from './cascade.ts'
import { changeVersion, noCanary, promoteTrial } from './change-version.ts'
import { noWayBack, rollbackBlock, upgradeBlock } from './data-version.ts'
import { requireFollowed } from './dependants.ts'
import { disable, enable } from './enable.ts'
import { enabledOf, entryOf, generationOf, type Installed, packageOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { RegionalVerbs } from './regional-verbs.ts'
import { windowEnd } from './rollback-window.ts'
import { type Seen, type Turns, turnsOn } from './seen.ts'
import type { Slot } from './slot.ts'
import { startPlugin } from './start-stop.ts'
import { uninstall, type UninstallRequest } from './uninstall.ts'
import { upgradeTogether } from './upgrade-together.ts'
import { want, type WantRequest } from './want.ts'
import { requireKnownChannel, requireMovable, wishOf } from './wish.ts'

/** In one region only, or everywhere. */
export interface InstallRequest extends FirstSettings {
  /** The newest in the store when left out. */
  readonly version?: string | undefined
  /** The registry's channel that it follows from then on; the instance's when left out. */
  readonly channel?: string | undefined
}

export interface UpgradeRequest {
  /** The newest in the store when left out. */
  readonly version?: string | undefined
  /** Serves a cohort first. */
  readonly canary?: CanarySpec | undefined
  /** Goes on although the version could not be rolled back; the reason is in the audit log. */
  readonly acceptNoRollback?: boolean | undefined
  /** Changes dependants that need another version with it. */
  readonly cascade?: boolean | undefined
}

/** What an administrator can do to a plugin. Each resolves when the transition has ended, and rejects with a Problem. */
export class Operations {
  readonly #parts: LifecycleParts
  readonly #exclusive: Turns
  /** The verbs for one region. */
  readonly inRegion: RegionalVerbs
  readonly #newSlot: (plugin: string, version: string) => Slot

  constructor(parts: LifecycleParts, exclusive: Turns, newSlot: (plugin: string, version: string) => Slot) {
    this.#parts = parts
    this.#exclusive = exclusive
    this.#newSlot = newSlot
    this.inRegion = new RegionalVerbs(parts, exclusive)
  }

  /** The same, of somebody who has seen a certain state: a change of it is refused with 412 when it is another one by then. */
  whoSaw(seen: Seen): Operations {
    const turns = turnsOn(seen, this.#exclusive, this.#parts.desired)
    return new Operations(this.#parts, turns, this.#newSlot)
  }

  /** Adds a plugin to the desired state and starts it. @throws Problem as `generationOf`, with nothing changed */
  async install(plugin: string, request: InstallRequest = {}): Promise<void> {
    const { version, region, channel } = request
    if (region !== undefined && !this.#parts.ports.data.regions.includes(region)) throw notFound()
    requireKnownChannel(channel, this.#parts.channels())
    const entry = await entryOf(this.#parts, plugin, version)
    await this.#exclusive.run(plugin, async (token) => {
      if (await this.#parts.desired.get(plugin)) {
        throw new Problem(409, 'plugin_installed', `Plugin "${plugin}" is installed. Upgrade it to change its version.`)
      }
      const key = await firstGeneration(this.#parts, entry, request)
      const desired = { ...this.#newState(key, region), ...(channel === undefined ? {} : { channel }) }
      await this.#parts.journal.holds(plugin, token)
      await this.#parts.desired.add(desired, token)
      const slot = this.#newSlot(plugin, desired.version)
      this.#parts.slots.set(plugin, slot)
      await this.#parts.permissions.define(entry.manifest)
      await startPlugin(this.#parts, slot, desired, token, because('installed'))
    })
  }

  #newState(key: GenerationKey, region: string | undefined): DesiredState {
    const since = this.#parts.clock.now()
    const { regions } = this.#parts.ports.data
    const off = regions.filter((one) => region !== undefined && one !== region)
    const own = Object.fromEntries(off.map((one) => [one, { enabled: false, since }]))
    return { ...key, enabled: true, since, ...(off.length > 0 ? { regions: own } : {}) }
  }

  /** @param cascade starts what was disabled with it too */
  enable(plugin: string, cascade = false): Promise<void> {
    return enable(this.#parts, this.#exclusive, plugin, cascade)
  }

  /** @param cascade stops the plugins that need it first */
  disable(plugin: string, cascade = false): Promise<void> {
    return disable(this.#parts, this.#exclusive, plugin, cascade)
  }

  /** Which versions are wanted: those of a range and a channel, or the one that is there for as long as it is pinned. */
  want(plugin: string, request: WantRequest): Promise<void> {
    return want(this.#parts, this.#exclusive, plugin, request)
  }

  /** Stops it and takes it out; its data stay unless they are to be dropped. */
  uninstall(plugin: string, request: UninstallRequest = {}): Promise<void> {
    return uninstall(this.#parts, this.#exclusive, plugin, request)
  }

  /** Replaces the version; with a canary it resolves when the cohort is served. */
  async upgrade(plugin: string, request: UpgradeRequest = {}): Promise<void> {
    const entry = await entryOf(this.#parts, plugin, request.version)
    const companions = await this.#companionsOf(entry, request)
    await this.#exclusive.runAll([plugin, ...companions.map((one) => one.plugin)], async (tokenOf) => {
      await requireFollowed(this.#parts, plugin)
      requireSame(plugin, companions, await this.#companionsOf(entry, request))
      const { slot, desired } = await enabledOf(this.#parts, plugin)
      const target = generationOf(this.#parts, entry, await this.#parts.settings.of(desired))
      requireMovable(plugin, wishOf(desired), target.version)
      requireUpgradable({ slot, desired }, target, entry, request)
      if (companions.length > 0)
        return upgradeTogether(this.#parts, { slot, desired }, { entry, target }, companions, tokenOf)
      const { canary } = request
      await changeVersion(this.#parts, { slot, desired, verb: 'upgrade', target, entry, canary }, tokenOf(plugin))
    })
  }

  async #companionsOf(entry: CatalogueEntry, { cascade, canary }: UpgradeRequest): Promise<Companion[]> {
    return cascade && !canary ? planCompanions(this.#parts, entry) : []
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
  async rollback(plugin: string, why = because('rolled_back')): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await enabledOf(this.#parts, plugin)
      if (desired.pending?.canary) return endTrial(this.#parts, slot, desired, token, why)
      const { previous } = desired
      const end = windowEnd(desired)
      if (!previous || !end || end.getTime() <= this.#parts.clock.now().getTime())
        throw new Problem(409, 'plugin_no_previous', `There is no earlier version of "${plugin}" to go back to.`)
      requireMovable(plugin, wishOf(desired), previous.version)
      const entry = await packageOf(this.#parts, previous)
      const block = slot.active && rollbackBlock(slot.active.manifest, entry.manifest)
      if (block) throw new Problem(409, 'plugin_data_incompatible', block)
      const target = generationOf(this.#parts, entry, await this.#parts.settings.of(desired))
      await changeVersion(this.#parts, { slot, desired, verb: 'rollback', target, entry }, token)
    })
  }
}

/** Whom a change takes along was looked up before its turn: who has started since is not held. @throws Problem 409 `plugin_busy` */
function requireSame(plugin: string, before: readonly Companion[], now: readonly Companion[]): void {
  const names = (companions: readonly Companion[]) => companions.map((one) => one.plugin).join(', ')
  if (names(before) === names(now)) return
  const detail = `Plugin "${plugin}" cannot be changed now. What needs it has just started or stopped.`
  throw new Problem(409, 'plugin_busy', detail, { retryAfter: 5 })
}

/** @throws Problem 409 for what stands against an upgrade, before anything is changed */
function requireUpgradable(
  { slot, desired }: Installed,
  target: GenerationKey,
  { manifest }: CatalogueEntry,
  { canary, acceptNoRollback }: UpgradeRequest,
): void {
  const { plugin, version } = target
  if (desired.pending?.canary) {
    const detail = `Version ${desired.pending.to.version} of "${plugin}" is served as a canary. Promote it or roll it back first.`
    throw new Problem(409, 'plugin_canary_running', detail)
  }
  if (sameGeneration(target, desired))
    throw new Problem(409, 'plugin_version_active', `Plugin "${plugin}" has version ${version} already.`)
  const from = slot.active?.manifest
  const block = from && (upgradeBlock(from, manifest) ?? rollbackBlock(from, manifest))
  if (block) throw new Problem(409, 'plugin_data_incompatible', block)
  const oneWay = from && noWayBack(from, manifest)
  // A canary has to be able to end.
  if (oneWay && (canary || !acceptNoRollback)) throw new Problem(409, 'plugin_no_rollback', oneWay)
}
