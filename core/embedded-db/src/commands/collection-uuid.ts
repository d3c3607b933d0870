import { Binary } from 'bson'
import { CommandError } from '../errors.ts'
import { collectionName } from './arguments.ts'
import type { CommandContext } from './command.ts'

/** The name of the collection that a UUID names; commands may give it in place of the name. */
export function collectionOfUuid(context: CommandContext, value: unknown): string {
  if (!(value instanceof Binary)) return collectionName(context)
  for (const collection of context.engine.catalogue.collections.values()) {
    if (collection.database === context.database && Buffer.compare(collection.uuid.buffer, value.buffer) === 0)
      return collection.name
  }
  throw new CommandError(26, 'NamespaceNotFound', `Unable to resolve ${value.toString('hex')}`)
}
