import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collection } from '../engine/collection.ts'
import { putView } from '../engine/definitions.ts'
import { loggedName } from '../engine/time-series.ts'
import { compileValidator } from '../engine/validator.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'
import { collectionName, flag } from './arguments.ts'
import { checkRules, dropDisabledImages, lifetime } from './collection-options.ts'
import type { Command } from './command.ts'
import { changeByName, checkIndexChange, makeUnique, modifyIndex, optionsBefore } from './index-change.ts'
import { widenedSeries } from './time-series.ts'
import { notOfView, viewOf } from './view-definition.ts'

/** What collMod changes of a collection, and a view does not have. */
const MODIFIABLE = ['validator', 'validationLevel', 'validationAction', 'changeStreamPreAndPostImages']

const NOT_OF_VIEWS = ['timeseries', 'index', 'cappedSize', 'cappedMax', 'expireAfterSeconds']

const USUAL_RULES = { validationLevel: 'strict', validationAction: 'error' }

function cappedSize(given: unknown): unknown {
  if (isNumeric(given) && toNumber(given) >= 1) return given
  throw new CommandError(
    51024,
    'Location51024',
    `BSON field 'cappedSize' value must be >= 1, actual value '${String(given)}'`,
  )
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
      const unfit = [...MODIFIABLE, ...NOT_OF_VIEWS].find((field) => body[field] !== undefined)
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
      if (body.timeseries !== undefined) options.timeseries = widenedSeries(options, body.timeseries)
      const unfit = options.timeseries && MODIFIABLE.find((field) => body[field] !== undefined)
      if (unfit)
        throw new CommandError(72, 'InvalidOptions', `option not supported on a time-series collection: ${unfit}`)
      checkRules(options)
      if (body.cappedSize !== undefined) options.size = cappedSize(body.cappedSize)
      const { expireAfterSeconds: lives }: { expireAfterSeconds?: unknown } = body
      if (lives !== undefined) options.expireAfterSeconds = lifetime(options, lives === 'off' ? 0 : lives)
      if (lives === 'off') delete options.expireAfterSeconds
      if (body.cappedMax !== undefined) options.max = body.cappedMax
      if (isObject(options.validator) && Object.keys(options.validator).length === 0) delete options.validator
      dropDisabledImages(options)
      compileValidator(options)
      // As MongoDB stores them from the first change of the rules on.
      if (body.validator !== undefined && options.validator !== undefined)
        for (const [rule, usual] of Object.entries(USUAL_RULES)) options[rule] ??= usual
      const before: Document = { collectionOptions: { ...collection.options, uuid: collection.uuid } }
      if (isObject(body.index)) before.indexOptions = optionsBefore(collection.indexes, body.index)
      const reply = isObject(body.index) ? modifyIndex(collection.indexes, body.index) : {}
      collection.options = options
      engine.catalogue.redefine(write, collection)
      const detail: Document = {
        uuid: collection.uuid,
        before,
        options: !isObject(body.index)
          ? Object.fromEntries(
              [...MODIFIABLE, 'expireAfterSeconds']
                .filter((field) => body[field] !== undefined)
                .map((field) => [field, body[field] as unknown]),
            )
          : { index: changeByName(collection.indexes, body.index) },
      }
      write.log({
        kind: 'command',
        database: collection.database,
        namespace: loggedName(collection),
        name: 'modify',
        detail,
      })
      return reply
    })
  },
}
