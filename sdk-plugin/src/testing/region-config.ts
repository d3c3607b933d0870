import { checkedConfig, commonMembers, ConfigError, type GivenConfig, isObject, merge } from '../host/index.ts'
import type { PluginManifest } from '../manifest/index.ts'

/** What a plugin is given, as the host would make it. @throws Error when it may not differ by region, or does not fit */
export function testConfig(
  manifest: PluginManifest,
  regions: readonly string[],
  config: unknown,
  own: Readonly<Record<string, object>>,
): GivenConfig {
  const there = regionConfig(manifest, regions, config, own)
  // Each region has set what nobody did for everywhere.
  const isOwn = regions.length > 0 && regions.every((region) => own[region] !== undefined)
  try {
    return { value: checkedConfig(manifest, config), regions: there }
  } catch (error) {
    if (!isOwn || !(error instanceof ConfigError)) throw error
    return { value: commonMembers(Object.values(there)), regions: there }
  }
}

function regionConfig(
  manifest: PluginManifest,
  regions: readonly string[],
  config: unknown,
  own: Readonly<Record<string, object>>,
): Record<string, unknown> {
  if (Object.keys(own).length > 0 && !manifest.config?.scopes?.includes('region'))
    throw new Error(`The configuration of "${manifest.id}" may not differ by region: "region" is not in config.scopes.`)
  const base = isObject(config) ? config : {}
  return Object.fromEntries(regions.map((region) => [region, checkedConfig(manifest, merge(base, { ...own[region] }))]))
}
