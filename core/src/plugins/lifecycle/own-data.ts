import { ownsCollection } from '@dcesop/sdk-plugin/host'
import { MigrationRecords } from '../migrations/records.ts'
import type { LifecycleParts } from './parts.ts'

/** Drops every collection that a version of the plugin in the store owns, in every region, and the record of its migrations. */
export async function dropOwnData(parts: LifecycleParts, plugin: string): Promise<void> {
  const manifests = (await parts.catalogue.list()).map(({ manifest }) => manifest)
  const { data } = parts.ports
  // The id of one plugin may begin with that of another: what both could own is the other's as well.
  const isItsAlone = (name: string) =>
    manifests.some((manifest) => manifest.id === plugin && ownsCollection(manifest, name)) &&
    !manifests.some((manifest) => manifest.id !== plugin && ownsCollection(manifest, name))
  for (const region of data.regions) {
    const connection = data.region(region)
    for (const { name } of await connection.listCollections()) {
      if (!isItsAlone(name)) continue
      await connection.dropCollection(name)
      parts.log.info({ plugin, region, collection: name }, 'the data of an uninstalled plugin were dropped')
    }
    await new MigrationRecords(connection, plugin).forget()
  }
}
