import { Binary } from 'bson'
import { CommandError } from '../errors.ts'
import type { CommandContext } from './command.ts'

/** @throws CommandError 361 when a command names a collection and gives the UUID of another, or of none */
export function checkCollectionUuid({ body, database, engine }: CommandContext, name: string): void {
  const given: unknown = body.collectionUUID
  if (!(given instanceof Binary)) return
  let actual: string | null = null
  for (const collection of engine.catalogue.collections.values())
    if (collection.database === database && Buffer.compare(collection.uuid.buffer, given.buffer) === 0)
      actual = collection.name
  if (actual === name) return
  throw new CommandError(361, 'CollectionUUIDMismatch', 'Collection UUID does not match that specified', {
    extra: { db: database, collectionUUID: given, expectedCollection: name, actualCollection: actual },
  })
}
