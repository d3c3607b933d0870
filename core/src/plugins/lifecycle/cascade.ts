import { Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason } from '../journal/reasons.ts'
import { startOrder } from '../resolver/order.ts'
import { resolve } from '../resolver/resolve.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { noWayBack, rollbackBlock, upgradeBlock } from './data-version.ts'
import { brokenBy, hasDependants, runningDependants } from './dependants.ts'
import type { TokenOf } from './exclusive.ts'
import { generationOf, installedOf, keyOf } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'
import { startPlugin, stopPlugin } from './start-stop.ts'
import { requireMovable, wishOf } from './wish.ts'

/** A dependant that has to change together with what it needs. */
export interface Companion {
  readonly plugin: string
  readonly from: GenerationKey
  readonly to: GenerationKey
  readonly manifest: PluginManifest
}

/** Running dependants of a plugin, those to be stopped first at the front. */
export function stopOrder(parts: LifecycleParts, plugin: string): string[] {
  const ids = runningDependants(parts, plugin)
  return startOrder(ids.flatMap((id) => parts.slots.get(id)?.active?.manifest ?? [])).reverse()
}

/**
 * Which dependants change with the plugin, and to which version: the newest in the store that runs with it.
 * @returns providers before their consumers; empty when nobody is in the way
 * @throws Problem 409 `plugin_has_dependants` when there is no such version
 */
export async function planCompanions(parts: LifecycleParts, entry: CatalogueEntry): Promise<Companion[]> {
  const store = await parts.catalogue.list()
  const chosen = new Map<string, CatalogueEntry>([[entry.manifest.id, entry]])
  // Changing one may bring in the next; each round settles at least one plugin, or the plan is complete.
  for (;;) {
    const broken = brokenBy(
      parts,
      entry.manifest,
      [...chosen.values()].map(({ manifest }) => manifest),
    )
    const open = broken.filter(({ plugin }) => !chosen.has(plugin))
    if (open.length === 0) {
      if (broken.length > 0) throw hasDependants(entry.manifest, broken)
      break
    }
    for (const { plugin } of open) {
      const found = store.find((one) => one.manifest.id === plugin && fits(parts, one, [...chosen.values()]))
      if (!found) throw hasDependants(entry.manifest, broken)
      chosen.set(plugin, found)
    }
  }
  chosen.delete(entry.manifest.id)
  const order = startOrder([...chosen.values()].map(({ manifest }) => manifest))
  return Promise.all(order.map((id) => companion(parts, chosen.get(id) as CatalogueEntry)))
}

/** Stops dependants one after the other; when one cannot be stopped, those before it run again. */
export async function stopAll(
  parts: LifecycleParts,
  plugins: readonly string[],
  tokenOf: TokenOf,
  why: Reason,
): Promise<void> {
  const stopped: string[] = []
  try {
    for (const plugin of plugins) {
      await stopPlugin(parts, slotOf(parts, plugin), tokenOf(plugin), why)
      stopped.push(plugin)
    }
  } catch (error) {
    for (const plugin of stopped.reverse()) await startAgain(parts, plugin, tokenOf)
    throw error
  }
}

/** Starts a plugin in its desired version; a failure is in its journal, and does not keep the others. */
export async function startAgain(parts: LifecycleParts, plugin: string, tokenOf: TokenOf): Promise<void> {
  const { slot, desired } = await installedOf(parts, plugin)
  try {
    if (slot.generations.length === 0)
      await startPlugin(parts, slot, desired, tokenOf(plugin), because('started_again'))
  } catch (error) {
    parts.log.error({ err: error, plugin }, 'a dependant could not be started again')
  }
}

/**
 * Starts the companions in their new versions, which is what is wanted from then on: the other hosts start that. When one does not
 * start, those before it are stopped again, and what was wanted before is.
 * @throws Problem of the one that did not start
 */
export async function startCompanions(
  parts: LifecycleParts,
  companions: readonly Companion[],
  tokenOf: TokenOf,
): Promise<void> {
  const started: Companion[] = []
  const before: DesiredState[] = []
  try {
    for (const one of companions) {
      const { slot, desired } = await installedOf(parts, one.plugin)
      const wanted = { ...desired, ...one.to }
      before.push(desired)
      await parts.desired.put(wanted, tokenOf(one.plugin))
      await startPlugin(parts, slot, wanted, tokenOf(one.plugin), because('with_what_it_needs'))
      started.push(one)
    }
  } catch (error) {
    for (const { plugin } of started.reverse())
      await stopPlugin(parts, slotOf(parts, plugin), tokenOf(plugin), because('other_not_started'))
    for (const desired of before) await parts.desired.put(desired, tokenOf(desired.plugin))
    throw error
  }
}

async function companion(parts: LifecycleParts, { manifest, ...entry }: CatalogueEntry): Promise<Companion> {
  const { slot, desired } = await installedOf(parts, manifest.id)
  requireMovable(manifest.id, wishOf(desired), manifest.version)
  const from = slot.active?.manifest ?? manifest
  const block = upgradeBlock(from, manifest) ?? rollbackBlock(from, manifest) ?? noWayBack(from, manifest)
  if (block) throw new Problem(409, 'plugin_no_rollback', block)
  const to = generationOf(parts, { ...entry, manifest }, await parts.settings.of(desired))
  return { plugin: manifest.id, from: keyOf(desired), to, manifest }
}

function fits(parts: LifecycleParts, candidate: CatalogueEntry, chosen: readonly CatalogueEntry[]): boolean {
  if (semver.prerelease(candidate.manifest.version)) return false
  const others = [...parts.slots.values()].flatMap(({ active }) => (active ? [active.manifest] : []))
  const all = [...others, ...chosen.map(({ manifest }) => manifest), candidate.manifest]
  const candidates = new Map(all.map((manifest) => [manifest.id, manifest]))
  const { refusals } = resolve(candidates, [...candidates.keys()], parts.engines)
  return refusals.every(({ plugin }) => plugin !== candidate.manifest.id)
}

function slotOf(parts: LifecycleParts, plugin: string): Slot {
  return parts.slots.get(plugin) as Slot
}
