import { isDeepStrictEqual } from 'node:util'
import { Int32 } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { checkNamespace } from '../engine/engine.ts'
import type { Engine } from '../engine/engine.ts'
import type { DirectWrite } from '../engine/direct-write.ts'
import { compileValidator } from '../engine/validator.ts'
import type { Collection, Index, View } from '../engine/collection.ts'
import { convertToUnique } from '../engine/convert-index.ts'
import { putView } from '../engine/definitions.ts'
import { normalizeCollation } from '../values/collation.ts'
import { count, isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { collectionName, flag } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { checkViewPipeline } from './views.ts'

const STORED = [
  'capped',
  'size',
  'max',
  'validator',
  'validationLevel',
  'validationAction',
  'collation',
  'changeStreamPreAndPostImages',
  'storageEngine',
  'indexOptionDefaults',
]

const REFUSED = {
  timeseries: 'a time series collection',
  encryptedFields: 'the collection option encryptedFields',
  expireAfterSeconds: 'the collection option expireAfterSeconds',
}

/** A clustered collection is an ordinary one whose `_id` index says so: documents are read in the order of `_id` all the same. */
function clusteredIndex(given: unknown): Document {
  const { key, unique, name = '_id_', v }: Document = isObject(given) ? given : {}
  if (!isObject(given)) throw notImplemented('a clustered collection by any index but one on _id')
  if (!isObject(key) || Object.keys(key).length !== 1 || !isNumeric(key._id) || toNumber(key._id) !== 1)
    throw new CommandError(
      197,
      'InvalidIndexSpecificationOption',
      'The clusteredIndex option must be { key: {_id: 1}, unique: true }',
    )
  if (unique !== true)
    throw new CommandError(
      5979700,
      'Location5979700',
      'The clusteredIndex option requires unique: true to be specified',
    )
  return { v: (v as unknown) ?? new Int32(2), key, name: name as unknown, unique }
}

function checkOptions(body: Document): Document {
  for (const [field, feature] of Object.entries(REFUSED))
    if (body[field] !== undefined && body[field] !== false) throw notImplemented(feature)
  const options: Document = {}
  for (const field of STORED) if (body[field] !== undefined && body[field] !== null) options[field] = body[field]
  if (options.collation) {
    const collation = normalizeCollation(options.collation as Document)
    if (collation) options.collation = collation
    else delete options.collation
  }
  if (body.clusteredIndex !== undefined && body.clusteredIndex !== false) {
    if (flag(body.capped)) throw notImplemented('a capped clustered collection')
    options.clusteredIndex = clusteredIndex(body.clusteredIndex)
  }
  if (flag(options.capped)) options.capped = true
  else delete options.capped
  if (options.capped !== undefined && !(isNumeric(options.size) && toNumber(options.size) > 0))
    throw new CommandError(72, 'InvalidOptions', "the 'size' field is required when 'capped' is true")
  if (options.capped === undefined && options.max !== undefined)
    throw new CommandError(
      72,
      'InvalidOptions',
      "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
    )
  for (const limit of ['size', 'max'])
    if (isNumeric(options[limit])) options[limit] = count(Math.trunc(toNumber(options[limit])))
  checkRules(options)
  dropDisabledImages(options)
  compileValidator(options)
  return options
}

/** @throws CommandError 2 for a level or an action of validation that does not exist */
function checkRules(options: Document): void {
  for (const [field, values] of Object.entries({
    validationLevel: ['off', 'strict', 'moderate'],
    validationAction: ['error', 'warn', 'errorAndLog'],
  }))
    if (options[field] !== undefined && !values.includes(options[field] as string))
      throw new CommandError(
        2,
        'BadValue',
        `Enumeration value '${String(options[field])}' for field '${field}' is not a valid value.`,
      )
}

/** Images that are switched off are no option of the collection. */
function dropDisabledImages(options: Document): void {
  const images: unknown = options.changeStreamPreAndPostImages
  if (isObject(images) && !flag(images.enabled)) delete options.changeStreamPreAndPostImages
}

function viewOf(context: CommandContext, name: string): View {
  const { viewOn, pipeline, collation } = context.body
  if (typeof viewOn !== 'string' || viewOn === '') throw new CommandError(2, 'BadValue', "'viewOn' cannot be empty")
  const stages = (pipeline ?? []) as Document[]
  checkViewPipeline(context, stages, `${context.database}.${name}`)
  return {
    database: context.database,
    name,
    namespace: `${context.database}.${name}`,
    viewOn,
    pipeline: stages,
    collation: normalizeCollation(collation as Document | undefined),
  }
}

function createView(engine: Engine, write: DirectWrite, view: View): void {
  checkNamespace(view.database, view.name)
  if (engine.catalogue.collections.has(view.namespace) || engine.catalogue.views.has(view.namespace))
    throw new CommandError(48, 'NamespaceExists', `Collection ${view.namespace} already exists.`)
  putView(engine, write, view, 'create')
}

export const create: Command = {
  name: 'create',
  kinds: { capped: 'flag', collation: 'object' },
  fields: [
    ...STORED,
    'create',
    'autoIndexId',
    'idIndex',
    'viewOn',
    'pipeline',
    'timeseries',
    'clusteredIndex',
    'encryptedFields',
    'expireAfterSeconds',
    'temp',
    'flags',
  ],
  transactional: true,
  async run(context) {
    const name = collectionName(context)
    const { engine, body, database } = context
    const namespace = `${database}.${name}`
    if (body.viewOn !== undefined) {
      const images: unknown = body.changeStreamPreAndPostImages
      if (isObject(images) && flag(images.enabled)) throw notOfView('changeStreamPreAndPostImages')
      const view = viewOf(context, name)
      await engine.write((write) => createView(engine, write, view))
      return {}
    }
    if (body.pipeline !== undefined)
      throw new CommandError(72, 'InvalidOptions', "'pipeline' requires 'viewOn' to also be specified")
    const options = checkOptions(body)
    const transaction = context.session?.transaction
    if (context.inTransaction && transaction) {
      if (transaction.collection(namespace))
        throw new CommandError(48, 'NamespaceExists', `Collection ${namespace} already exists.`)
      transaction.createCollection(database, name, options)
      return {}
    }
    await engine.write((write) => {
      const existing = engine.catalogue.collections.get(namespace)
      // Since 7.0 creating a collection again with the same options is no error.
      if (existing && isDeepStrictEqual(existing.options, options)) return
      if (existing || engine.catalogue.views.has(namespace))
        throw new CommandError(48, 'NamespaceExists', `Collection ${namespace} already exists.`)
      engine.createCollection(write, database, name, options)
    })
    return {}
  },
}

/** What collMod changes of a collection, and a view does not have. */
const MODIFIABLE = ['validator', 'validationLevel', 'validationAction', 'changeStreamPreAndPostImages']

function notOfView(option: string): CommandError {
  return new CommandError(72, 'InvalidOptions', `option not supported on a view: ${option}`)
}

export const collMod: Command = {
  name: 'collMod',
  fields: [
    ...MODIFIABLE,
    'collMod',
    'index',
    'viewOn',
    'pipeline',
    'cappedSize',
    'cappedMax',
    'timeseries',
    'expireAfterSeconds',
    'dryRun',
  ],
  async run(context) {
    const { engine, body } = context
    const namespace = `${context.database}.${collectionName(context)}`
    const known = engine.catalogue.views.get(namespace)
    if (known) {
      const unfit = MODIFIABLE.find((field) => body[field] !== undefined)
      if (unfit) throw notOfView(unfit)
      const view = viewOf(
        { ...context, body: { viewOn: known.viewOn, pipeline: known.pipeline, collation: known.collation, ...body } },
        known.name,
      )
      await engine.write((write) => putView(engine, write, view, 'modify'))
      return {}
    }
    const existing = (): Collection => {
      const collection = engine.collection(namespace)
      if (!collection) throw new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${namespace}`)
      return collection
    }
    const ofView = ['viewOn', 'pipeline'].find((field) => body[field] !== undefined)
    if (ofView) throw new CommandError(72, 'InvalidOptions', `option only supported on a view: ${ofView}`)
    if (body.index !== undefined) checkIndexChange(existing().indexes, body.index)
    if (isObject(body.index) && flag(body.index.unique)) return makeUnique(context, existing(), body.index)
    return engine.write((write): Document => {
      const collection = existing()
      const options = { ...collection.options }
      for (const field of MODIFIABLE) if (body[field] !== undefined) options[field] = body[field]
      if (options.capped !== true && (body.cappedSize !== undefined || body.cappedMax !== undefined))
        throw new CommandError(72, 'InvalidOptions', 'Collection must be capped.')
      checkRules(options)
      if (body.cappedSize !== undefined) options.size = body.cappedSize
      if (body.cappedMax !== undefined) options.max = body.cappedMax
      if (isObject(options.validator) && Object.keys(options.validator).length === 0) delete options.validator
      dropDisabledImages(options)
      compileValidator(options)
      const reply = isObject(body.index) ? modifyIndex(collection.indexes, body.index) : {}
      collection.options = options
      engine.catalogue.redefine(write, collection)
      const detail: Document = {
        uuid: collection.uuid,
        options:
          body.index === undefined
            ? Object.fromEntries(
                MODIFIABLE.filter((field) => body[field] !== undefined).map((field) => [field, body[field] as unknown]),
              )
            : { index: body.index as unknown },
      }
      write.log({ kind: 'command', database: collection.database, namespace: collection.name, name: 'modify', detail })
      return reply
    })
  },
}

async function makeUnique(context: CommandContext, collection: Collection, change: Document): Promise<Document> {
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
function checkIndexChange(indexes: readonly Index[], change: unknown): void {
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

function modifyIndex(indexes: Index[], change: Document): Document {
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
