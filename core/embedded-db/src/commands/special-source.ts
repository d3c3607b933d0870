import type { Document } from 'bson'
import type { SpecialSource } from '../aggregate/types.ts'
import type { Collection } from '../engine/collection.ts'
import { CommandError, notImplemented } from '../errors.ts'
import { isObject } from '../values/types.ts'
import type { CommandContext } from './command.ts'
import { collectionStatistics, scaleOf } from './statistics.ts'
import { flag, long } from './arguments.ts'
import { idleCursors } from './idle-cursors.ts'

const OPTIONS_OF_COLLSTATS = ['latencyStats', 'storageStats', 'count', 'queryExecStats']
const OPTIONS_OF_CURRENTOP = [
  'allUsers',
  'idleConnections',
  'idleCursors',
  'idleSessions',
  'localOps',
  'truncateOps',
  'targetAllNodes',
  'backtrace',
]

function indexStats(context: CommandContext, collection: Collection | undefined, spec: Document): Document[] {
  if (Object.keys(spec).length > 0)
    throw new CommandError(28803, 'Location28803', 'The $indexStats stage specification must be an empty object')
  return (collection?.indexes ?? []).map((index) => ({
    name: index.name,
    key: index.spec.key as Document,
    host: context.server.host,
    accesses: { ops: long(index.uses), since: new Date(context.server.started) },
    spec: index.spec,
  }))
}

function collStats(context: CommandContext, namespace: string, spec: Document): Document[] {
  const unknown = Object.keys(spec).find((name) => !OPTIONS_OF_COLLSTATS.includes(name))
  if (unknown) throw new CommandError(40168, 'Location40168', `unrecognized option to $collStats: ${unknown}`)
  for (const name of ['latencyStats', 'queryExecStats'])
    if (spec[name] !== undefined) throw notImplemented(`${name} of $collStats`)
  const { storageStats, count } = spec as { storageStats?: unknown; count?: unknown }
  const collection = context.engine.collection(namespace)
  const asked = storageStats === undefined ? (count === undefined ? undefined : 'count') : 'storageStats'
  if (!collection && asked)
    throw new CommandError(
      26,
      'NamespaceNotFound',
      `Unable to retrieve ${asked} in $collStats stage :: caused by :: Collection [${namespace}] not found.`,
    )
  const scale: unknown = isObject(storageStats) ? storageStats.scale : undefined
  return [
    {
      ns: namespace,
      host: context.server.host,
      localTime: new Date(),
      ...(collection &&
        storageStats !== undefined && { storageStats: collectionStatistics(context, collection, scaleOf(scale)) }),
      ...(collection && count !== undefined && { count: long(collection.count) }),
    },
  ]
}

function currentOperations({ server, database }: CommandContext, name: string | undefined, spec: Document): Document[] {
  if (database !== 'admin' || name !== undefined)
    throw new CommandError(
      73,
      'InvalidNamespace',
      "$currentOp must be run against the 'admin' database with {aggregate: 1}",
    )
  const unknown = Object.keys(spec).find((option) => !OPTIONS_OF_CURRENTOP.includes(option))
  if (unknown) throw new CommandError(9, 'FailedToParse', `Unrecognized option '${unknown}' in $currentOp stage.`)
  return [...server.operations.list(), ...(flag(spec.idleCursors) ? idleCursors(server) : [])]
}

/** The documents of stages that report on the server instead of reading a collection. */
export function specialSource(
  context: CommandContext,
  name: string | undefined,
  { stage, spec }: SpecialSource,
): Document[] {
  const namespace = `${context.database}.${name ?? ''}`
  switch (stage) {
    case '$documents':
      return []
    case '$indexStats':
      return indexStats(context, context.engine.collection(namespace), spec)
    case '$collStats':
      return collStats(context, namespace, spec)
    case '$currentOp':
      return currentOperations(context, name, spec)
    case '$listLocalSessions':
      if (name !== undefined)
        throw new CommandError(
          73,
          'InvalidNamespace',
          '$listLocalSessions must be run against the database with {aggregate: 1}, not a collection',
        )
      return context.server.sessions.list()
    case '$listSessions':
      if (namespace !== 'config.system.sessions')
        throw new CommandError(73, 'InvalidNamespace', '$listSessions may only be run against config.system.sessions')
      return context.server.sessions.list()
    case '$planCacheStats':
      return []
    default:
      throw notImplemented(`the stage ${stage}`)
  }
}
