import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection, Index } from '../engine/collection.ts'
import { tableRange } from '../engine/keyspace.ts'
import { verifyCollection } from '../engine/verify.ts'
import { shownIndexes } from '../engine/time-series.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { collectionName, long } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'

/** The bytes of an index, by the size of its first entries. */
function indexSize({ engine }: CommandContext, collection: Collection, index: Index): number {
  let bytes = 0
  let sampled = 0
  for (const { key, value } of engine.store.range(tableRange(index.table))) {
    bytes += key.length + value.length
    if (++sampled >= 100) break
  }
  return sampled === 0 ? 0 : Math.round((bytes / sampled) * (sampled < 100 ? sampled : collection.count))
}

/** Sizes of a collection and its indexes, as collStats and $collStats give them. */
export function collectionStatistics(context: CommandContext, collection: Collection, scale: number): Document {
  const sizes: Document = {}
  let total = 0
  for (const index of shownIndexes(collection)) {
    const size = indexSize(context, collection, index)
    sizes[index.name] = long(Math.floor(size / scale))
    total += size
  }
  return {
    ns: collection.namespace,
    size: long(Math.floor(collection.size / scale)),
    count: long(collection.count),
    ...(collection.count > 0 && { avgObjSize: Math.floor(collection.size / collection.count) }),
    storageSize: long(Math.floor(collection.size / scale)),
    freeStorageSize: long(0),
    capped: collection.options.capped === true,
    ...(collection.options.max !== undefined && { max: collection.options.max as unknown }),
    ...(collection.options.capped === true && { maxSize: long(Math.floor(Number(collection.options.size) / scale)) }),
    nindexes: shownIndexes(collection).length,
    indexSizes: sizes,
    totalIndexSize: long(Math.floor(total / scale)),
    totalSize: long(Math.floor((collection.size + total) / scale)),
    scaleFactor: scale,
  }
}

/** A divisor of sizes as it was given; 1 when it is none. */
export function scaleOf(scale: unknown): number {
  return isNumeric(scale) && toNumber(scale) >= 1 ? Math.floor(toNumber(scale)) : 1
}

export const collStats: Command = {
  name: 'collStats',
  aliases: ['collstats'],
  fields: ['collStats', 'collstats', 'scale', 'verbose'],
  run(context) {
    const namespace = `${context.database}.${collectionName(context)}`
    const collection = context.engine.collection(namespace)
    if (collection) return collectionStatistics(context, collection, scaleOf(context.body.scale))
    return {
      ns: namespace,
      size: 0,
      count: 0,
      storageSize: 0,
      totalSize: 0,
      nindexes: 0,
      totalIndexSize: 0,
      indexSizes: {},
      indexDetails: {},
      scaleFactor: scaleOf(context.body.scale),
    }
  },
}

export const dbStats: Command = {
  name: 'dbStats',
  aliases: ['dbstats'],
  fields: ['dbStats', 'dbstats', 'scale', 'freeStorage'],
  run(context) {
    const scale = scaleOf(context.body.scale)
    const collections = [...context.engine.catalogue.collections.values()].filter(
      (one) => one.database === context.database,
    )
    const objects = collections.reduce((sum, one) => sum + one.count, 0)
    const size = collections.reduce((sum, one) => sum + one.size, 0)
    const ofIndexes = collections.reduce(
      (sum, one) => one.indexes.reduce((all, index) => all + indexSize(context, one, index), sum),
      0,
    )
    return {
      db: context.database,
      collections: long(collections.length),
      views: long(
        [...context.engine.catalogue.views.values()].filter((one) => one.database === context.database).length,
      ),
      objects: long(objects),
      avgObjSize: objects === 0 ? 0 : size / objects,
      dataSize: size / scale,
      storageSize: size / scale,
      indexes: long(collections.reduce((sum, one) => sum + shownIndexes(one).length, 0)),
      indexSize: ofIndexes / scale,
      totalSize: (size + ofIndexes) / scale,
      scaleFactor: long(scale),
      fsUsedSize: context.engine.store.fileSize() / scale,
    }
  },
}

export const validate: Command = {
  name: 'validate',
  fields: ['validate', 'full', 'repair', 'metadata', 'checkBSONConformance'],
  async run(context) {
    const namespace = `${context.database}.${collectionName(context)}`
    const collection = context.engine.collection(namespace)
    if (!collection)
      throw new CommandError(26, 'NamespaceNotFound', `Collection '${namespace}' does not exist to validate.`)
    const found = await verifyCollection(context.engine.store, collection, context.interrupt)
    return {
      ns: namespace,
      nInvalidDocuments: long(found.invalidDocuments),
      nrecords: long(found.records),
      nIndexes: collection.indexes.length,
      keysPerIndex: found.keysPerIndex,
      valid: found.errors.length === 0,
      repaired: false,
      warnings: [],
      errors: found.errors,
    }
  },
}
