import { notFound } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { installedOf, packageOf } from '../lifecycle/lookup.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { shownConfig } from '../lifecycle/plugin-config.ts'
import { ConfigTexts } from './config-texts.ts'
import type { Settings } from './plugin-settings.ts'

/** Names of people by their ids, of those whom a reader of these regions may know. */
export type NamesOf = (ids: readonly string[], regions: readonly string[]) => Promise<Readonly<Record<string, string>>>

/** What the administration shows of plugins' configurations; of secrets only where they belong. */
export class ConfigView {
  readonly #parts: LifecycleParts
  readonly #namesOf: NamesOf

  constructor(parts: LifecycleParts, namesOf: NamesOf) {
    this.#parts = parts
    this.#namesOf = namesOf
  }

  /**
   * @param regions whose part is told
   * @param revision an earlier one; the one that holds when left out
   */
  async of(plugin: string, regions: readonly string[], revision?: number) {
    const { desired } = await installedOf(this.#parts, plugin)
    const entry = await packageOf(this.#parts, desired)
    const holds = await this.#parts.settings.of(desired)
    const settings = revision === undefined ? holds : await this.#parts.settings.at(plugin, revision)
    if (!settings) throw notFound()
    const own = Object.entries(settings.regions).filter(([region]) => regions.includes(region))
    return {
      ...(await declaredConfig(this.#parts, entry)),
      revision: settings.revision,
      global: settings.global ?? {},
      regions: Object.fromEntries(own),
      ...(settings === holds ? await this.effective(plugin, regions, settings) : {}),
    }
  }

  /** Who changed what and when, for everywhere and of these regions, newest first; names, and no values. */
  async history(plugin: string, regions: readonly string[]) {
    await installedOf(this.#parts, plugin)
    const changes = await this.#parts.settings.history(plugin, regions, 50)
    const names = await this.#namesOf([...new Set(changes.map(({ by }) => by))], regions)
    return {
      names,
      changes: changes.map(({ at, region = null, ...change }) => ({ ...change, region, at: at.toISOString() })),
    }
  }

  /** What comes of settings, in each region by the version that it has. */
  async effective(plugin: string, regions: readonly string[], settings: Omit<Settings, 'revision'>) {
    const { desired } = await installedOf(this.#parts, plugin)
    const there = this.#parts.ports.data.regions.filter((region) => regions.includes(region))
    const values = there.map(async (region) => {
      const { manifest } = await packageOf(this.#parts, desired.regions?.[region]?.generation ?? desired)
      return [region, shownIn(this.#parts, manifest, region, settings)] as const
    })
    return { effective: Object.fromEntries(await Promise.all(values)) }
  }
}

/** What a version lets somebody set, in which words, and what the host's own configuration says of it; secrets by their places only. */
export async function declaredConfig(parts: LifecycleParts, entry: CatalogueEntry) {
  const { id, version, config } = entry.manifest
  return {
    version,
    schema: config?.schema ?? null,
    secrets: config?.secrets ?? [],
    scopes: config ? (config.scopes ?? ['global']) : [],
    texts: config ? await new ConfigTexts(parts.store).of(entry) : {},
    host: shownConfig(entry.manifest, parts.hostConfigOf(id) ?? {}),
  }
}

/** What comes of settings in a region, without secrets; not complete where they do not fit there. */
export function shownIn(
  parts: LifecycleParts,
  manifest: PluginManifest,
  region: string,
  settings: Omit<Settings, 'revision'>,
): unknown {
  const { regions, value } = parts.configOf(manifest, { revision: 0, ...settings })
  return shownConfig(manifest, regions[region] ?? value)
}
