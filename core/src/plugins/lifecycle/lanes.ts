import type { DesiredState, RegionalState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { keyOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

/** Regions in which the plugin is as it is in most: all but those with a state of their own. */
export function mainRegions(parts: LifecycleParts, { regions = {} }: Pick<DesiredState, 'regions'>): string[] {
  return parts.ports.data.regions.filter((region) => !(region in regions))
}

/** Regions with a version of their own that should serve. */
export function ownVersions({ enabled, regions = {} }: DesiredState): { region: string; key: GenerationKey }[] {
  if (!enabled) return []
  return Object.entries(regions).flatMap(([region, own]) =>
    own.enabled && own.generation ? [{ region, key: own.generation }] : [],
  )
}

/** What should serve in a region; undefined where the plugin is off. */
export function wantedIn(desired: DesiredState, region: string): GenerationKey | undefined {
  const own = desired.regions?.[region]
  if (!desired.enabled || own?.enabled === false) return undefined
  return keyOf(own?.generation ?? desired)
}

/** The desired state with a region's own; a region that wants what the rest has, and no versions of its own, follows the rest. */
export function withRegion(desired: DesiredState, region: string, own: RegionalState): DesiredState {
  const { regions = {}, ...rest } = desired
  const { [region]: _, ...others } = regions
  const wants = [own.range, own.channel, own.pinned].some((wish) => wish !== undefined)
  const isAsTheRest = own.enabled && !wants && (!own.generation || sameGeneration(own.generation, desired))
  const all = isAsTheRest ? others : { ...others, [region]: own }
  return Object.keys(all).length === 0 ? rest : { ...rest, regions: all }
}

/** Whether everything serves that should. */
export function servesAll(parts: LifecycleParts, slot: Slot, desired: DesiredState): boolean {
  const main = mainRegions(parts, desired).length === 0 || slot.active !== undefined
  return main && ownVersions(desired).every(({ region }) => slot.differsIn(region) && slot.servingIn(region))
}
