import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { ownsCollection } from '@dcesop/sdk-plugin/host'

/** What one plugin may reach in the database. */
export interface DataScope {
  readonly plugin: string
  /** Names of the databases of its regions. */
  readonly databases: ReadonlySet<string>
  readonly topics: readonly string[]
  owns(collection: string): boolean
}

/** @param databases of the regions that the host serves and the manifest does not exclude */
export function scopeOf(manifest: PluginManifest, databases: Iterable<string>): DataScope {
  return {
    plugin: manifest.id,
    databases: new Set(databases),
    topics: manifest.backend?.events?.publishes ?? [],
    owns: (collection) => ownsCollection(manifest, collection),
  }
}
