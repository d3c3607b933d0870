import { isDeepStrictEqual } from 'node:util'
import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection, Index } from '../engine/collection.ts'
import { clearTables } from '../engine/definitions.ts'
import type { Engine } from '../engine/engine.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { collectionName } from './arguments.ts'
import type { Command } from './command.ts'

function plainKey(key: Document): [string, unknown][] {
  return Object.entries(key).map(([path, direction]) => [path, isNumeric(direction) ? toNumber(direction) : direction])
}

function selected(collection: Collection, wanted: unknown): Index[] {
  if (wanted === '*') return collection.indexes.filter((index) => index.name !== '_id_')
  const names = Array.isArray(wanted) ? (wanted as unknown[]) : [wanted]
  return names.map((one) => {
    const index = collection.indexes.find((candidate) =>
      isObject(one)
        ? isDeepStrictEqual(plainKey(candidate.spec.key as Document), plainKey(one))
        : candidate.name === one,
    )
    if (!index)
      throw new CommandError(
        27,
        'IndexNotFound',
        isObject(one)
          ? `can't find index with key: ${JSON.stringify(one)}`
          : `index not found with name [${String(one)}]`,
      )
    if (index.name === '_id_') throw new CommandError(72, 'InvalidOptions', 'cannot drop _id index')
    return index
  })
}

/** Takes indexes from a collection, and clears what they held. @throws CommandError 26 when it is gone */
export async function removeIndexes(
  engine: Engine,
  namespace: string,
  select: (collection: Collection) => Index[],
): Promise<void> {
  const dropped = await engine.write((write) => {
    const collection = engine.collection(namespace)
    if (!collection) throw new CommandError(26, 'NamespaceNotFound', `ns not found ${namespace}`)
    const indexes = select(collection)
    if (indexes.length === 0) return indexes
    collection.indexes = collection.indexes.filter((index) => !indexes.includes(index))
    engine.catalogue.redefine(write, collection)
    for (const index of indexes)
      write.log({
        kind: 'command',
        database: collection.database,
        namespace: collection.name,
        name: 'dropIndexes',
        detail: { uuid: collection.uuid, indexes: [index.spec] },
      })
    return indexes
  })
  await clearTables(
    engine,
    dropped.map((index) => index.table),
  )
}

export const dropIndexes: Command = {
  name: 'dropIndexes',
  aliases: ['deleteIndexes'],
  fields: ['dropIndexes', 'deleteIndexes', 'index', 'isTimeseriesNamespace'],
  async run(context) {
    const { engine } = context
    const namespace = `${context.database}.${collectionName(context)}`
    const found = engine.collection(namespace)
    if (!found) throw new CommandError(26, 'NamespaceNotFound', `ns not found ${namespace}`)
    const before = found.indexes.length
    await removeIndexes(engine, namespace, (collection) => selected(collection, context.body.index))
    return {
      nIndexesWas: before,
      msg: context.body.index === '*' ? 'non-_id indexes dropped for collection' : undefined,
    }
  },
}
