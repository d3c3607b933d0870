import type { Json } from '@dcesop/sdk-plugin/host'
import type { GenerationKey } from '../journal/journal.ts'
import { generationOf } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { changedPointers } from './changed-pointers.ts'
import { noSettings } from './plugin-settings.ts'

/** What somebody sets with the installation, for everywhere or for one region. */
export interface FirstSettings {
  readonly config?: Json | undefined
  readonly region?: string | undefined
  /** Who asks; an installation without settings has no history. */
  readonly by?: string | undefined
}

/**
 * The generation that a plugin begins with; its settings are written as a revision, unless they are refused.
 * @throws Problem 422 `plugin_config_invalid` or `plugin_scope_refused`, with nothing written
 */
export async function firstGeneration(
  parts: LifecycleParts,
  entry: CatalogueEntry,
  { config, region, by = '' }: FirstSettings,
): Promise<GenerationKey> {
  if (config === undefined) return generationOf(parts, entry, noSettings)
  const settings = region === undefined ? { global: config, regions: {} } : { regions: { [region]: config } }
  generationOf(parts, entry, { ...settings, revision: 1 })
  const act = { by, from: 0, changed: changedPointers({}, config), ...(region === undefined ? {} : { region }) }
  return generationOf(parts, entry, await parts.settings.add(entry.manifest.id, settings, act))
}
