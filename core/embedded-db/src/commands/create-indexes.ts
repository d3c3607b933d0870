import { isDeepStrictEqual } from 'node:util'
import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { buildIndexOnline } from '../engine/index-build.ts'
import { knownFields, normalizeIndexSpec } from '../engine/index-spec.ts'
import type { Collection } from '../engine/collection.ts'
import { shellText } from '../engine/shell-text.ts'
import { EJSON } from 'bson'
import { isObject } from '../values/types.ts'
import type { Transaction } from '../engine/transaction.ts'
import { collectionName, flag, requiredArray } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { removeIndexes } from './drop-indexes.ts'
import type { Interrupt } from '../engine/interrupt.ts'
import { shownIndexes } from '../engine/time-series.ts'
import { checkSeriesIndex } from './time-series.ts'

/** What makes two indexes the same, in a form that compares. */
function signature(spec: Document): string {
  return EJSON.stringify(
    {
      key: spec.key as Document,
      partial: (spec.partialFilterExpression ?? null) as Document | null,
      collation: (spec.collation ?? null) as Document | null,
      projection: (spec.wildcardProjection ?? null) as Document | null,
      unique: spec.unique === true,
      sparse: spec.sparse === true,
    },
    { relaxed: true },
  )
}

/** Whether the collection has the index already. @throws CommandError 85 or 86 when another one is in its way */
function exists(collection: Collection, spec: Document): boolean {
  for (const { spec: other } of shownIndexes(collection)) {
    const same = signature(other) === signature(spec)
    if (other.name === spec.name) {
      if (!same)
        throw new CommandError(
          86,
          'IndexKeySpecsConflict',
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${shellText(spec)}, existing index: ${shellText(other)}`,
        )
      if (!isDeepStrictEqual(options(other), options(spec))) throw conflict(spec, other)
      return true
    }
    if (same && spec.name !== '_id_') {
      if (isDeepStrictEqual(options(other), options(spec)))
        throw new CommandError(
          85,
          'IndexOptionsConflict',
          `Index already exists with a different name: ${String(other.name)}`,
        )
      throw conflict(spec, other)
    }
  }
  return false
}

function conflict(spec: Document, other: Document): CommandError {
  const name = spec.name === other.name ? 'the same name but different' : 'a different name and'
  return new CommandError(
    85,
    'IndexOptionsConflict',
    `An equivalent index already exists with ${name} options. Requested index: ${shellText(spec)}, existing index: ${shellText(other)}`,
  )
}

function options({ expireAfterSeconds }: Document): unknown {
  return expireAfterSeconds === undefined ? null : Number(expireAfterSeconds)
}

/** What a collection has at most, that on `_id` among them. */
const MAX_INDEXES = 64

function checkRoom({ namespace, indexes }: Collection, spec: Document): void {
  if (indexes.length >= MAX_INDEXES)
    throw new CommandError(
      67,
      'CannotCreateIndex',
      `add index fails, too many indexes for ${namespace} key:${shellText(spec.key as Document)}`,
    )
}

const building = new WeakMap<Collection, Promise<void>>()

/** One at a time for each collection, so that a second request for an index waits for the first instead of building another. */
function inTurn<T>(collection: Collection, interrupt: Interrupt, action: () => Promise<T>): Promise<T> {
  const before = building.get(collection) ?? Promise.resolve()
  const next = interrupt.until(before).then(action)
  // One that gave up waiting does not let the next one begin.
  building.set(collection, Promise.all([before, next.catch(() => undefined)]).then(NOTHING))
  return next
}

const NOTHING = (): void => undefined

export const createIndexes: Command = {
  name: 'createIndexes',
  fields: ['createIndexes', 'indexes', 'ignoreUnknownIndexOptions', 'commitQuorum', 'isTimeseriesNamespace'],
  transactional: true,
  async run(context) {
    const name = collectionName(context)
    const { engine, database } = context
    const given = requiredArray(context, 'indexes')
    if (given.length === 0) throw new CommandError(2, 'BadValue', 'Must specify at least one index to create')
    const existing = engine.collection(`${database}.${name}`)
    const inherited = existing?.options.collation as Document | undefined
    const specs = given.map((one) => {
      if (!isObject(one))
        throw new CommandError(
          14,
          'TypeMismatch',
          `BSON field 'createIndexes.indexes' is the wrong type, expected type 'object'`,
        )
      if (isObject(one.key) && one.name === undefined)
        throw new CommandError(9, 'FailedToParse', `The 'name' field is a required property of an index specification`)
      return normalizeIndexSpec(flag(context.body.ignoreUnknownIndexOptions) ? knownFields(one) : one, inherited)
    })
    if (existing?.timeField !== undefined) given.filter(isObject).forEach(checkSeriesIndex)
    const transaction = context.session?.transaction
    if (context.inTransaction && transaction) return createInTransaction(transaction, database, name, specs)
    const collection = existing ?? (await engine.write((write) => write.ensureCollection(database, name)))
    return inTurn(collection, context.interrupt, async () => {
      const before = shownIndexes(collection).length
      await buildAll(context, collection, specs)
      const after = shownIndexes(collection).length
      return {
        numIndexesBefore: before,
        numIndexesAfter: after,
        createdCollectionAutomatically: existing === undefined,
        note: before === after ? 'all indexes already exist' : undefined,
        commitQuorum: 'votingMembers',
      }
    })
  },
}

/** Builds those that are missing; when one fails, none of them stays. */
async function buildAll(context: CommandContext, collection: Collection, specs: readonly Document[]): Promise<void> {
  const { engine, interrupt } = context
  const built = new Set<unknown>()
  for (const spec of specs) exists(collection, spec)
  try {
    for (const spec of specs) {
      if (exists(collection, spec)) continue
      checkRoom(collection, spec)
      await buildIndexOnline(engine, collection, spec, interrupt)
      built.add(spec.name)
    }
  } catch (error) {
    const select = ({ indexes }: Collection) => indexes.filter(({ name }) => built.has(name))
    // It may be dropped meanwhile, or the disk be full: why the build failed is what counts.
    if (built.size > 0) await removeIndexes(engine, collection.namespace, select).catch(() => undefined)
    throw error
  }
}

/** Inside a transaction indexes may only be made on a collection that it made itself and that is still empty. */
function createInTransaction(
  transaction: Transaction,
  database: string,
  name: string,
  specs: readonly Document[],
): Document {
  const existing = transaction.collection(`${database}.${name}`)
  if (existing && specs.every((spec) => exists(existing, spec)))
    return {
      numIndexesBefore: existing.indexes.length,
      numIndexesAfter: existing.indexes.length,
      note: 'all indexes already exist',
    }
  const collection = transaction.ensureCollection(database, name)
  if (
    transaction.addIndexes(
      collection,
      specs.filter((spec) => !exists(collection, spec)),
    )
  ) {
    return {
      numIndexesBefore: 1,
      numIndexesAfter: collection.indexes.length,
      createdCollectionAutomatically: existing === undefined,
    }
  }
  throw new CommandError(
    263,
    'OperationNotSupportedInTransaction',
    'Cannot create new indexes in a multi-document transaction',
  )
}
