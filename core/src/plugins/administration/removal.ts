import { Problem } from '@dcesop/sdk-plugin'
import { installedDependants } from '../lifecycle/dependants.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { ownCollections } from '../lifecycle/own-data.ts'

/** What an uninstallation would meet, take away and leave, in all regions. */
export interface Removal {
  /** Installed plugins that stand in its way, the nearest first. */
  readonly dependants: readonly { readonly plugin: string; readonly enabled: boolean }[]
  /** Where it serves now. */
  readonly regions: readonly string[]
  /** Packages that stay in the store. */
  readonly versions: number
  /** Collections of its own, only of regions that have some. */
  readonly data: readonly { readonly region: string; readonly collections: readonly string[] }[]
}

/** @throws Problem 404 `plugin_not_found` */
export async function removalOf(parts: LifecycleParts, plugin: string): Promise<Removal> {
  if (!(await parts.desired.get(plugin)))
    throw new Problem(404, 'plugin_not_found', `Plugin "${plugin}" is not installed.`)
  const { regions } = parts.ports.data
  const slot = parts.slots.get(plugin)
  const packages = await parts.catalogue.list()
  const data = await Promise.all(
    regions.map(async (region) => ({ region, collections: await ownCollections(parts, plugin, region) })),
  )
  return {
    dependants: await installedDependants(parts, plugin),
    regions: regions.filter((region) => slot?.servingIn(region)),
    versions: packages.filter(({ manifest }) => manifest.id === plugin).length,
    data: data.filter(({ collections }) => collections.length > 0),
  }
}
