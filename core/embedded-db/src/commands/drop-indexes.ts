import { isDeepStrictEqual } from 'node:util'
import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection, Index } from '../engine/collection.ts'
import { clearTables } from '../engine/definitions.ts'
import type { Engine } from '../engine/engine.ts'
import { shellText } from '../engine/shell-text.ts'
import { loggedName, shownIndexes } from '../engine/time-series.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'
import { collectionName } from './arguments.ts'
import type { Command } from './command.ts'

function plainKey(key: Document): [string, unknown][] {
  return Object.entries(key).map(([path, direction]) => [path, isNumeric(direction) ? toNumber(direction) : direction])
}

function notFound(message: string): CommandError {
  return new CommandError(27, 'IndexNotFound', message)
}

/** The indexes that a name or a key names. @throws CommandError 181 for a key that several have */
function named(collection: Collection, one: string | Document): Index {
  if (typeof one === 'string') {
    const index = shownIndexes(collection).find(({ name }) => name === one)
    if (!index) throw notFound(`index not found with name [${one}]`)
    return index
  }
  const [index, ...others] = shownIndexes(collection).filter(({ spec }) =>
    isDeepStrictEqual(plainKey(spec.key as Document), plainKey(one)),
  )
  if (!index) throw notFound(`can't find index with key: ${shellText(one)}`)
  if (others.length > 0)
    throw new CommandError(
      181,
      'AmbiguousIndexKeyPattern',
      `${others.length + 1} indexes found for key: ${shellText(one)}, identify by name instead. Conflicting indexes: ${[index, ...others].map(({ spec }) => shellText(spec)).join(', ')}`,
    )
  return index
}

function selected(collection: Collection, wanted: string | Document | string[]): Index[] {
  if (wanted === '*') return collection.indexes.filter((index) => index.name !== '_id_')
  return [wanted].flat().map((one) => {
    const index = named(collection, one as string | Document)
    if (index.name === '_id_') throw new CommandError(72, 'InvalidOptions', 'cannot drop _id index')
    return index
  })
}

/** @throws CommandError 40414 or 14 for what names no index */
function wantedIndexes({ index }: Document): string | Document | string[] {
  if (index === undefined)
    throw new CommandError(40414, 'Location40414', "BSON field 'dropIndexes.index' is missing but a required field")
  if (typeof index === 'string' || isObject(index)) return index
  if (Array.isArray(index) && (index as unknown[]).every((name) => typeof name === 'string')) return index as string[]
  throw new CommandError(
    14,
    'TypeMismatch',
    `BSON field 'dropIndexes.index' is the wrong type '${typeName(index)}', expected types '[string, object, array of strings]'`,
  )
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
        namespace: loggedName(collection),
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
    const wanted = wantedIndexes(context.body)
    const before = shownIndexes(found).length
    await removeIndexes(engine, namespace, (collection) => selected(collection, wanted))
    return {
      nIndexesWas: before,
      msg: context.body.index === '*' ? 'non-_id indexes dropped for collection' : undefined,
    }
  },
}
