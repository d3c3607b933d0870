import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection, Index } from '../engine/collection.ts'
import { convertToUnique } from '../engine/convert-index.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { flag } from './arguments.ts'
import type { CommandContext } from './command.ts'

export async function makeUnique(context: CommandContext, collection: Collection, change: Document): Promise<Document> {
  const index = indexToChange(collection.indexes, change)
  if (index.unique) return {}
  if (!index.prepared)
    throw new CommandError(
      72,
      'InvalidOptions',
      'Cannot make the index unique before it is changed with prepareUnique: true',
    )
  const dryRun = flag(context.body.dryRun)
  await convertToUnique(context.engine, collection, index, context.interrupt, dryRun)
  return dryRun ? {} : { unique_new: true }
}

function indexToChange(indexes: readonly Index[], change: Document): Index {
  const index = indexes.find((one) =>
    change.name === undefined
      ? JSON.stringify(one.spec.key) === JSON.stringify(change.keyPattern)
      : one.name === change.name,
  )
  if (!index)
    throw new CommandError(
      27,
      'IndexNotFound',
      `cannot find index ${String(change.name ?? JSON.stringify(change.keyPattern))}`,
    )
  return index
}

const CHANGES = ['expireAfterSeconds', 'hidden', 'unique', 'prepareUnique']

/** @throws CommandError for a change that cannot be read, or that the index does not take */
export function checkIndexChange(indexes: readonly Index[], change: unknown): void {
  if (!isObject(change))
    throw new CommandError(14, 'TypeMismatch', "BSON field 'collMod.index' is the wrong type, expected type 'object'")
  const unknown = Object.keys(change).find((field) => !['name', 'keyPattern', ...CHANGES].includes(field))
  if (unknown)
    throw new CommandError(40415, 'Location40415', `BSON field 'collMod.index.${unknown}' is an unknown field.`)
  const invalid = (message: string): CommandError => new CommandError(72, 'InvalidOptions', message)
  if (change.name !== undefined && change.keyPattern !== undefined)
    throw invalid('Cannot specify both key pattern and name.')
  if (change.name === undefined && change.keyPattern === undefined)
    throw invalid('Must specify either index name or key pattern.')
  if (!CHANGES.some((field) => change[field] !== undefined))
    throw invalid('no expireAfterSeconds, hidden, unique, or prepareUnique field')
  const { name, fields } = indexToChange(indexes, change)
  if (flag(change.hidden) && name === '_id_') throw new CommandError(2, 'BadValue', "can't hide _id index")
  const lifetime: unknown = change.expireAfterSeconds
  if (lifetime === undefined) return
  if (name === '_id_') throw invalid('the _id field does not support TTL indexes')
  if (fields.length > 1) throw invalid('TTL indexes are single-field indexes, compound indexes do not support TTL')
  if (!isNumeric(lifetime) || !(toNumber(lifetime) >= 0 && toNumber(lifetime) < 2 ** 31))
    throw invalid("TTL index 'expireAfterSeconds' option must be within an acceptable range, from 0 to 2147483647")
}

/** A change as it is told to others: the index by its name, however it was given. */
export function changeByName(indexes: readonly Index[], change: Document): Document {
  const { keyPattern: _, name: __, ...rest } = change
  return { name: indexToChange(indexes, change).name, ...rest }
}

/** What an index has of the options that a change names. */
export function optionsBefore(indexes: readonly Index[], change: Document): Document {
  const { spec, hidden } = indexToChange(indexes, change)
  return {
    ...(change.expireAfterSeconds !== undefined && { expireAfterSeconds: spec.expireAfterSeconds as unknown }),
    ...(change.hidden !== undefined && { hidden }),
  }
}

export function modifyIndex(indexes: Index[], change: Document): Document {
  const index = indexToChange(indexes, change)
  const reply: Document = {}
  if (isNumeric(change.expireAfterSeconds)) {
    reply.expireAfterSeconds_old = index.spec.expireAfterSeconds as unknown
    reply.expireAfterSeconds_new = change.expireAfterSeconds
    index.spec = { ...index.spec, expireAfterSeconds: change.expireAfterSeconds }
    index.expireAfterSeconds = toNumber(change.expireAfterSeconds)
  }
  if (change.hidden !== undefined) {
    reply.hidden_old = index.hidden
    reply.hidden_new = flag(change.hidden)
    index.hidden = flag(change.hidden)
    index.spec = { ...index.spec }
    if (index.hidden) index.spec.hidden = true
    else delete index.spec.hidden
  }
  if (change.prepareUnique !== undefined && !index.unique) {
    reply.prepareUnique_old = index.prepared
    reply.prepareUnique_new = flag(change.prepareUnique)
    index.prepared = flag(change.prepareUnique)
    index.spec = { ...index.spec }
    if (index.prepared) index.spec.prepareUnique = true
    else delete index.spec.prepareUnique
  }
  return reply
}
