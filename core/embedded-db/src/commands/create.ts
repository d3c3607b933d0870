import { isDeepStrictEqual } from 'node:util'
import { CommandError } from '../errors.ts'
import { checkNamespace } from '../engine/engine.ts'
import type { Engine } from '../engine/engine.ts'
import type { DirectWrite } from '../engine/direct-write.ts'
import type { View } from '../engine/collection.ts'
import { putView } from '../engine/definitions.ts'
import { isObject } from '../values/types.ts'
import { collectionName, flag } from './arguments.ts'
import { checkOptions, STORED } from './collection-options.ts'
import type { Command } from './command.ts'
import { notOfView, viewOf } from './view-definition.ts'

function createView(engine: Engine, write: DirectWrite, view: View): void {
  checkNamespace(view.database, view.name)
  const known = engine.catalogue.views.get(view.namespace)
  // As of a collection: creating it again is no error.
  if (known && isDeepStrictEqual(known, view)) return
  if (engine.catalogue.collections.has(view.namespace) || engine.catalogue.views.has(view.namespace))
    throw new CommandError(48, 'NamespaceExists', `Collection ${view.namespace} already exists.`)
  putView(engine, write, view, 'create')
}

/** Options that a view does not have. */
const OF_COLLECTIONS = [
  ...STORED.filter((option) => option !== 'collation' && option !== 'changeStreamPreAndPostImages'),
  'idIndex',
  'autoIndexId',
]

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
      if (context.inTransaction)
        throw new CommandError(
          263,
          'OperationNotSupportedInTransaction',
          'Cannot create a view in a multi-document transaction.',
        )
      const unfit = OF_COLLECTIONS.find((field) => body[field] !== undefined)
      if (unfit) throw notOfView(unfit)
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
      if (options.timeseries !== undefined)
        throw new CommandError(
          263,
          'OperationNotSupportedInTransaction',
          'Cannot create a time-series collection in a multi-document transaction.',
        )
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
