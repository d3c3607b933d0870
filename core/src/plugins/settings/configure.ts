import { notFound, Problem } from '@dcesop/sdk-plugin'
import type { Json } from '@dcesop/sdk-plugin/host'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because } from '../journal/reasons.ts'
import { changeVersion } from '../lifecycle/change-version.ts'
import type { Exclusive } from '../lifecycle/exclusive.ts'
import { mainRegions } from '../lifecycle/lanes.ts'
import { generationOf, installedOf, packageOf, sameGeneration } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { changeRegion } from '../lifecycle/regional.ts'
import { changedPointers } from './changed-pointers.ts'
import type { Settings } from './plugin-settings.ts'

export interface SettingsRequest {
  /** For everywhere when left out. */
  readonly region?: string | undefined
  /** Replaces what was set there; `{}` takes it away. */
  readonly value: Json
  /** The one that the change was made on. */
  readonly revision: number
}

/** A change that fits: the settings after it, and where they differ from those before. */
export interface PlannedSettings {
  readonly before: Settings
  readonly after: Omit<Settings, 'revision'>
  readonly changed: readonly string[]
}

/**
 * What a change would make of the settings, held against every version that serves somewhere; nothing is written.
 * @throws Problem 404, 409 `conflict` or `plugin_canary_running`, 422 `plugin_config_invalid` or `plugin_scope_refused`
 */
export async function planSettings(
  parts: LifecycleParts,
  plugin: string,
  { region, value, revision }: SettingsRequest,
): Promise<PlannedSettings> {
  if (region !== undefined && !parts.ports.data.regions.includes(region)) throw notFound()
  const { desired } = await installedOf(parts, plugin)
  if (desired.pending?.canary) {
    const detail = `Version ${desired.pending.to.version} of "${plugin}" is served as a canary. Promote it or roll it back first.`
    throw new Problem(409, 'plugin_canary_running', detail)
  }
  const before = await parts.settings.of(desired)
  if (before.revision !== revision) {
    const detail = `The settings of "${plugin}" are at revision ${before.revision}, not ${revision} any more.`
    throw new Problem(409, 'conflict', detail)
  }
  const after = withPart(before, region, value)
  // As the next revision, of which the number says nothing yet.
  const tried = { ...after, revision: before.revision + 1 }
  for (const [key, served] of ownKeys(parts, desired)) generationOf(parts, await packageOf(parts, key), tried, served)
  const partOf = ({ global = {}, regions }: Omit<Settings, 'revision'>) =>
    region === undefined ? global : (regions[region] ?? {})
  return { before, after, changed: changedPointers(partOf(before), partOf(after)) }
}

/**
 * Sets a part of a plugin's configuration: what serves is replaced by the same versions with the new one, without an interruption.
 * @param by who asks, for the history
 * @returns the plan that was carried out, and the revision that holds now
 * @throws Problem as `planSettings`, or that of a version that does not start with it; all is as before then
 */
export async function configure(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  request: SettingsRequest,
  by: string,
): Promise<PlannedSettings & { readonly revision: number }> {
  return exclusive.run(plugin, async (token) => {
    const plan = await planSettings(parts, plugin, request)
    const { region } = request
    const act = { by, from: plan.before.revision, changed: plan.changed, ...(region === undefined ? {} : { region }) }
    const after = await parts.settings.add(plugin, plan.after, act)
    try {
      await moveTo(parts, plugin, after, token)
    } catch (error) {
      await parts.settings.failed(plugin, after.revision)
      await moveTo(parts, plugin, plan.before, token)
      throw error
    }
    return { ...plan, revision: after.revision }
  })
}

/** Brings every version of a plugin that is not there yet to the settings. */
async function moveTo(parts: LifecycleParts, plugin: string, settings: Settings, token: number): Promise<void> {
  const { slot, desired } = await installedOf(parts, plugin)
  const entry = await packageOf(parts, desired)
  const target = generationOf(parts, entry, settings)
  if (desired.enabled && mainRegions(parts, desired).length > 0 && !sameGeneration(target, desired))
    await changeVersion(parts, { slot, desired, verb: 'configure', target, entry }, token)
  else if (desired.settings !== target.settings)
    await parts.desired.put({ ...withoutSettings(desired), ...target }, token)
  for (const region of Object.keys(desired.regions ?? {})) await moveRegion(parts, plugin, region, settings, token)
}

/** The same for the version of its own that a region has. */
async function moveRegion(
  parts: LifecycleParts,
  plugin: string,
  region: string,
  settings: Settings,
  token: number,
): Promise<void> {
  const { slot, desired } = await installedOf(parts, plugin)
  const own = desired.regions?.[region]
  if (!own?.generation || own.generation.settings === settings.revision) return
  const next = { ...own, generation: generationOf(parts, await packageOf(parts, own.generation), settings) }
  if (desired.enabled && own.enabled && !sameGeneration(next.generation, own.generation))
    return changeRegion(parts, { slot, desired, region, own: next, why: because('configure') }, token)
  await parts.desired.put({ ...desired, regions: { ...desired.regions, [region]: next } }, token)
}

function withPart({ global, regions }: Settings, region: string | undefined, value: Json): Omit<Settings, 'revision'> {
  const isEmpty = Object.keys(value).length === 0
  if (region === undefined) return { ...(isEmpty ? {} : { global: value }), regions }
  const { [region]: _, ...others } = regions
  return { ...(global ? { global } : {}), regions: isEmpty ? others : { ...others, [region]: value } }
}

function withoutSettings({ settings: _, ...rest }: DesiredState): Omit<DesiredState, 'settings'> {
  return rest
}

/** What should serve most regions, and what regions have of their own, with where each is. */
function ownKeys(parts: LifecycleParts, desired: DesiredState): (readonly [GenerationKey, readonly string[]])[] {
  const own = Object.entries(desired.regions ?? {}).flatMap(([region, { generation }]) =>
    generation ? [[generation, [region]] as const] : [],
  )
  return [[desired, mainRegions(parts, desired)], ...own]
}
