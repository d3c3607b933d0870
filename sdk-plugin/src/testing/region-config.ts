import { checkedConfig, isObject, merge } from '../host/index.ts'
import type { PluginManifest } from '../manifest/index.ts'

/** The configuration in each region, as the host would make it. @throws Error when it may not differ, or does not fit */
export function testRegionConfig(
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
