import { UUID } from 'bson'
import type { Document, Binary } from 'bson'
import type { SpecialSource } from '../aggregate/types.ts'
import { CommandError, notImplemented } from '../errors.ts'
import { isObject } from '../values/types.ts'
import type { CommandContext } from './command.ts'
import { ownOperation } from './diagnostics.ts'
import { collectionStatistics } from './statistics.ts'
import { long } from './arguments.ts'

/** The documents of stages that report on the server instead of reading a collection. */
export function specialSource(context: CommandContext, name: string | undefined, source: SpecialSource): Document[] {
  const collection = name === undefined ? undefined : context.engine.collection(`${context.database}.${name}`)
  switch (source.stage) {
    case '$documents':
      return []
    case '$indexStats':
      return (collection?.indexes ?? []).map((index) => ({
        name: index.name,
        key: index.spec.key as Document,
        host: context.server.host,
        accesses: { ops: long(0), since: new Date(context.server.started) },
        spec: index.spec,
      }))
    case '$collStats': {
      if (!collection)
        throw new CommandError(
          26,
          'NamespaceNotFound',
          `Unable to retrieve storageStats in $collStats stage :: caused by :: Collection [${context.database}.${name ?? ''}] not found.`,
        )
      const row: Document = { ns: collection.namespace, host: context.server.host, localTime: new Date() }
      if (isObject(source.spec) && source.spec.count !== undefined) row.count = long(collection.count)
      if (isObject(source.spec) && source.spec.storageStats !== undefined)
        row.storageStats = collectionStatistics(context, collection, 1)
      return [row]
    }
    case '$currentOp':
      return [ownOperation(context)]
    case '$listLocalSessions':
    case '$listSessions':
      return context.server.sessions
        .names()
        .map((hex) => ({ _id: { id: new UUID(Buffer.from(hex, 'hex')) as Binary } }))
    case '$planCacheStats':
      return []
    default:
      throw notImplemented(`the stage ${source.stage}`)
  }
}
