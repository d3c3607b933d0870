import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { encode } from '../bson/raw.ts'
import { ListSource } from '../engine/query/batch.ts'
import { shownIndexes } from '../engine/time-series.ts'
import { isObject } from '../values/types.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { collectionOfUuid } from './collection-uuid.ts'
import type { Command, CommandContext } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'

/** The batch size in a command's `cursor` field. */
export function cursorBatchSize(context: CommandContext): number | undefined {
  const cursor: unknown = context.body.cursor
  if (cursor === undefined) return undefined
  if (!isObject(cursor)) throw new CommandError(14, 'TypeMismatch', 'cursor field must be missing or an object')
  const unknown = Object.keys(cursor).find((field) => field !== 'batchSize')
  if (unknown) throw new CommandError(40415, 'Location40415', `BSON field 'cursor.${unknown}' is an unknown field.`)
  const size: unknown = cursor.batchSize
  if (size === undefined) return undefined
  if (!isNumeric(size) || toNumber(size) < 0)
    throw new CommandError(
      51024,
      'Location51024',
      `BSON field 'cursor.batchSize' value must be >= 0, actual value '${String(size)}'`,
    )
  return toNumber(size)
}

export const listIndexes: Command = {
  name: 'listIndexes',
  fields: ['listIndexes', 'cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  run(context) {
    const name = collectionOfUuid(context, context.body.listIndexes)
    const namespace = `${context.database}.${name}`
    const collection = context.engine.collection(namespace)
    if (!collection) throw new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${namespace}`)
    const clustered = collection.options.clusteredIndex as Document | undefined
    const specs = shownIndexes(collection)
      .filter((index) => index.ready)
      .map((index) => encode(clustered && index.name === '_id_' ? { ...clustered, clustered: true } : index.spec))
    return replyWithCursor(context, namespace, new ListSource(specs), { batchSize: cursorBatchSize(context) })
  },
}
