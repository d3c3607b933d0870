import type { Json } from '@dcesop/sdk-plugin/host'
import type { GenerationKey } from '../journal/journal.ts'
import { entryOf, generationOf } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { changedPointers } from './changed-pointers.ts'
import { declaredConfig, shownIn } from './config-view.ts'
import { noSettings, type Settings } from './plugin-settings.ts'

/** What somebody sets with the installation, for everywhere or for one region. */
export interface FirstSettings {
  readonly config?: Json | undefined
  readonly region?: string | undefined
  /** Who asks; an installation without settings has no history. */
  readonly by?: string | undefined
}

/**
 * What a plugin would begin with, held against where it would serve; nothing is written.
 * @throws Problem 422 `plugin_config_invalid` or `plugin_scope_refused`
 */
export function planFirstSettings(
  parts: LifecycleParts,
  entry: CatalogueEntry,
  { config, region }: FirstSettings,
): { readonly settings: Settings; readonly served: readonly string[]; readonly key: GenerationKey } {
  const served = region === undefined ? parts.ports.data.regions : [region]
  const settings = config === undefined ? noSettings : { ...levelOf(config, region), revision: 1 }
  return { settings, served, key: generationOf(parts, entry, settings, served) }
}

/** The generation that a plugin begins with; its settings are written as a revision. @throws Problem as `planFirstSettings` */
export async function firstGeneration(
  parts: LifecycleParts,
  entry: CatalogueEntry,
  first: FirstSettings,
): Promise<GenerationKey> {
  const { config, region, by = '' } = first
  const { settings, served, key } = planFirstSettings(parts, entry, first)
  if (config === undefined) return key
  const act = { by, from: 0, changed: changedPointers({}, config), ...(region === undefined ? {} : { region }) }
  return generationOf(parts, entry, await parts.settings.add(entry.manifest.id, settings, act), served)
}

/** The answer to `GET …/config` for a version in the store before it is installed: nothing is set yet. @throws Problem 404 */
export async function configBefore(parts: LifecycleParts, plugin: string, version: string) {
  const declared = await declaredConfig(parts, await entryOf(parts, plugin, version))
  return { ...declared, revision: 0, global: {}, regions: {} }
}

/**
 * What an installation would come to where it would serve; nothing is changed.
 * @param regions of the reader, of which it is told
 * @throws Problem 404, or as `planFirstSettings`
 */
export async function checkFirstSettings(
  parts: LifecycleParts,
  plugin: string,
  version: string | undefined,
  regions: readonly string[],
  first: FirstSettings,
) {
  const entry = await entryOf(parts, plugin, version)
  const { manifest } = entry
  const { settings, served } = planFirstSettings(parts, entry, first)
  const there = served.filter((region) => regions.includes(region))
  const effective = there.map((region) => [region, shownIn(parts, manifest, region, settings)] as const)
  return { version: manifest.version, effective: Object.fromEntries(effective) }
}

const levelOf = (config: Json, region: string | undefined): Omit<Settings, 'revision'> =>
  region === undefined ? { global: config, regions: {} } : { regions: { [region]: config } }
