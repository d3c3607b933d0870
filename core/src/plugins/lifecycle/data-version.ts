import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'

/** Why `to` cannot read the data that `from` wrote; undefined when it can. Told before an upgrade is started, not after. */
export function upgradeBlock(from: PluginManifest, to: PluginManifest): string | undefined {
  const written = from.data?.schemaVersion
  const oldest = to.data?.minReadable
  if (written === undefined || oldest === undefined || oldest <= written) return undefined
  return `Version ${to.version} of "${to.id}" reads data from schema version ${oldest} on, but ${from.version} writes ${written}. Upgrade over a version in between.`
}

/** Why the plugin cannot go back from `current` to `earlier`; undefined when it can. */
export function rollbackBlock(current: PluginManifest, earlier: PluginManifest): string | undefined {
  const written = current.data?.schemaVersion ?? 0
  if (written <= (earlier.data?.schemaVersion ?? 0) || current.data?.reversible === true) return undefined
  return `Version ${current.version} of "${current.id}" writes data of schema version ${written} and does not say that it is reversible, so ${earlier.version} could misread it.`
}

/** Why an upgrade could not be taken back; undefined when it can. Held against the same rule as the rollback itself. */
export function noWayBack(from: PluginManifest, to: PluginManifest): string | undefined {
  const block = rollbackBlock(to, from)
  return block && `${block} After the upgrade there is no rollback.`
}
