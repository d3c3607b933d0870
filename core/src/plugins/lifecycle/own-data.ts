import { ownsCollection } from '@dcesop/sdk-plugin/host'
import { MigrationRecords } from '../migrations/records.ts'
import type { LifecycleParts } from './parts.ts'

/** Names of a region's collections that a version of the plugin in the store owns, and no other plugin could own. */
export async function ownCollections(parts: LifecycleParts, plugin: string, region: string): Promise<string[]> {
  const manifests = (await parts.catalogue.list()).map(({ manifest }) => manifest)
  // The id of one plugin may begin with that of another: what both could own is the other's as well.
  const isItsAlone = (name: string) =>
    manifests.some((manifest) => manifest.id === plugin && ownsCollection(manifest, name)) &&
    !manifests.some((manifest) => manifest.id !== plugin && ownsCollection(manifest, name))
  const collections = await parts.ports.data.region(region).listCollections()
  return collections.map(({ name }) => name).filter(isItsAlone)
}

/** Drops every collection that the plugin owns, in every region, and the record of its migrations. */
export async function dropOwnData(parts: LifecycleParts, plugin: string): Promise<void> {
  const { data } = parts.ports
  for (const region of data.regions) {
    const connection = data.region(region)
    for (const collection of await ownCollections(parts, plugin, region)) {
      await connection.dropCollection(collection)
      parts.log.info({ plugin, region, collection }, 'the data of an uninstalled plugin were dropped')
    }
    await new MigrationRecords(connection, plugin).forget()
  }
}
