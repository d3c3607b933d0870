import { notFound, Problem } from '@dcesop/sdk-plugin'
import type { DesiredState, RegionalState, VersionWish } from '../journal/desired.ts'
import { because, type Reason } from '../journal/reasons.ts'
import { noWayBack, rollbackBlock, upgradeBlock } from './data-version.ts'
import { brokenBy, hasDependants, runningDependants } from './dependants.ts'
import type { Turns } from './seen.ts'
import { wantedIn } from './lanes.ts'
import { enabledOf, entryOf, generationOf, type Installed, packageOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { changeRegion } from './regional.ts'
import { windowMs } from './rollback-window.ts'
import { requireMovable, wishAfter, wishOf } from './wish.ts'

/** The verbs for one region. Without a region they concern the regions that have no state of their own. */
export class RegionalVerbs {
  readonly #parts: LifecycleParts
  readonly #exclusive: Turns

  constructor(parts: LifecycleParts, exclusive: Turns) {
    this.#parts = parts
    this.#exclusive = exclusive
  }

  /** @throws Problem 409 `plugin_has_dependants` with those that run in the region */
  async disable(plugin: string, region: string): Promise<void> {
    await this.#change(plugin, region, because('disabled'), ({ desired }) => {
      if (!wantedIn(desired, region))
        throw new Problem(409, 'plugin_disabled', `Plugin "${plugin}" is disabled in ${region}.`)
      const dependants = runningDependants(this.#parts, plugin, region)
      if (dependants.length > 0) {
        const detail = `Plugin "${plugin}" is needed in ${region} by ${dependants.join(', ')}. Disable ${dependants.length === 1 ? 'it' : 'these'} there first.`
        throw new Problem(409, 'plugin_has_dependants', detail, { extensions: { dependants } })
      }
      return { ...desired.regions?.[region], enabled: false, since: this.#now() }
    })
  }

  async enable(plugin: string, region: string): Promise<void> {
    await this.#change(plugin, region, because('enabled'), ({ desired, slot }) => {
      if (wantedIn(desired, region) && slot.servingIn(region))
        throw new Problem(409, 'plugin_enabled', `Plugin "${plugin}" is running in ${region}.`)
      return { ...desired.regions?.[region], enabled: true, since: this.#now() }
    })
  }

  async upgrade(plugin: string, region: string, version: string | undefined, acceptNoRollback = false): Promise<void> {
    const entry = await entryOf(this.#parts, plugin, version)
    await this.#change(plugin, region, because('upgrade'), async ({ desired, slot }) => {
      const target = generationOf(this.#parts, entry, await this.#parts.settings.of(desired))
      const current = wantedIn(desired, region)
      if (!current) throw new Problem(409, 'plugin_disabled', `Plugin "${plugin}" is disabled in ${region}.`)
      if (sameGeneration(target, current)) {
        const detail = `Plugin "${plugin}" has version ${target.version} in ${region} already.`
        throw new Problem(409, 'plugin_version_active', detail)
      }
      const wish = wishOf(desired, region)
      requireMovable(plugin, wish, target.version, region)
      const from = slot.servingIn(region)?.generation.manifest
      const block = from && (upgradeBlock(from, entry.manifest) ?? rollbackBlock(from, entry.manifest))
      if (block) throw new Problem(409, 'plugin_data_incompatible', block)
      const oneWay = from && noWayBack(from, entry.manifest)
      if (oneWay && !acceptNoRollback) throw new Problem(409, 'plugin_no_rollback', oneWay)
      const broken = brokenBy(this.#parts, entry.manifest, [], region)
      if (broken.length > 0) throw hasDependants(entry.manifest, broken)
      const rollbackUntil = new Date(this.#now().getTime() + windowMs(entry.manifest))
      const kept = wishAfter(ownWish(desired, region), 'upgrade', current.version)
      return { ...kept, enabled: true, generation: target, previous: current, rollbackUntil, since: this.#now() }
    })
  }

  /** Brings back what the region had before its last upgrade. */
  async rollback(plugin: string, region: string): Promise<void> {
    await this.#change(plugin, region, because('rollback'), async ({ desired, slot }) => {
      const { previous, rollbackUntil } = desired.regions?.[region] ?? {}
      if (!previous || !rollbackUntil || rollbackUntil.getTime() <= this.#now().getTime()) {
        const detail = `There is no earlier version of "${plugin}" to go back to in ${region}.`
        throw new Problem(409, 'plugin_no_previous', detail)
      }
      const left = desired.regions?.[region]?.generation?.version ?? desired.version
      requireMovable(plugin, wishOf(desired, region), previous.version, region)
      const entry = await packageOf(this.#parts, previous)
      const from = slot.servingIn(region)?.generation.manifest
      const block = from && rollbackBlock(from, entry.manifest)
      if (block) throw new Problem(409, 'plugin_data_incompatible', block)
      const generation = generationOf(this.#parts, entry, await this.#parts.settings.of(desired))
      const kept = wishAfter(ownWish(desired, region), 'rollback', left)
      return { ...kept, enabled: true, generation, since: this.#now() }
    })
  }

  /** @param decide checks, and gives the region's new state */
  async #change(
    plugin: string,
    region: string,
    why: Reason,
    decide: (installed: Installed) => RegionalState | Promise<RegionalState>,
  ): Promise<void> {
    if (!this.#parts.ports.data.regions.includes(region)) throw notFound()
    await this.#exclusive.run(plugin, async (token) => {
      const installed = await enabledOf(this.#parts, plugin)
      const own = await decide(installed)
      await changeRegion(this.#parts, { ...installed, region, own, why }, token)
    })
  }

  #now(): Date {
    return this.#parts.clock.now()
  }
}

/** What a region wants for itself; what the rest wants does not come along when it leaves. */
function ownWish(desired: DesiredState, region: string): VersionWish {
  return desired.regions?.[region] ? wishOf(desired, region) : {}
}
