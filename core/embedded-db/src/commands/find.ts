import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { compileProjection } from '../projection/index.ts'
import type { Collection } from '../engine/collection.ts'
import { type BatchSource, ListSource } from '../engine/query/batch.ts'
import { findPoint } from '../engine/query/find-point.ts'
import type { KeyedOptions } from '../engine/query/keyed-find.ts'
import { compileFind, type FindOptions } from '../engine/query/open-find.ts'
import { compileQuery } from '../engine/query/query.ts'
import type { ReadSource } from '../engine/query/read-source.ts'
import { TailSource } from '../engine/query/tail-source.ts'
import { collectionName, flag, optionalCount, optionalDocument, optionalNumber, queryCollator } from './arguments.ts'
import type { Command, CommandContext } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'
import { findOnView } from './views.ts'
import { collectionOfUuid } from './collection-uuid.ts'

const FIND_FIELDS = [
  'find',
  'filter',
  'sort',
  'projection',
  'hint',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'readOnce',
  'ntoreturn',
  'min',
  'max',
  'returnKey',
  'showRecordId',
  'tailable',
  'awaitData',
  'oplogReplay',
  'noCursorTimeout',
  'allowPartialResults',
  'collation',
  'allowDiskUse',
  'let',
  'resumeAfter',
  'requestResumeToken',
  'collectionUUID',
]

function refuse(context: CommandContext): void {
  for (const field of ['requestResumeToken', 'resumeAfter']) {
    if (context.body[field] !== undefined && context.body[field] !== false)
      throw notImplemented(`the find option ${field}`)
  }
}

function keyedOptions({ body }: CommandContext): KeyedOptions | undefined {
  const options = { returnKey: flag(body.returnKey), showRecordId: flag(body.showRecordId) }
  return options.returnKey || options.showRecordId ? options : undefined
}

function openFind(options: FindOptions, collection: Collection | undefined, source: ReadSource): BatchSource {
  const point = collection && findPoint(options, collection, source)
  if (point) return point
  const plan = compileFind(options)
  return collection ? plan.open(collection, source).find : new ListSource([])
}

/** @throws CommandError 2 or 9 for what does not go with a cursor that stays open */
function checkTailing({ body, inTransaction }: CommandContext): void {
  if (!flag(body.tailable)) {
    if (flag(body.awaitData))
      throw new CommandError(9, 'FailedToParse', "Cannot set 'awaitData' without also setting 'tailable'")
    return
  }
  const bad = (message: string): CommandError => new CommandError(2, 'BadValue', message)
  const sort = Object.entries((body.sort ?? {}) as Document)
  if (sort.some(([name, way]) => name !== '$natural' || Number(way) !== 1))
    throw bad('cannot use tailable option with a sort other than {$natural: 1}')
  if (flag(body.singleBatch)) throw bad("cannot use tailable option with the 'singleBatch' option")
  if (inTransaction)
    throw new CommandError(
      263,
      'OperationNotSupportedInTransaction',
      'Tailable cursors are not allowed in a multi-document transaction',
    )
}

function openTail(context: CommandContext, collection: Collection, options: FindOptions): BatchSource {
  if (collection.options.capped !== true)
    throw new CommandError(
      2,
      'BadValue',
      `error processing query: ns=${collection.namespace} tailable cursor requested on non capped collection`,
    )
  const { collator, filter, projection } = options
  const compile = { let: options.let, now: new Date() }
  const source = new TailSource(context.server.engine, {
    collection,
    query: compileQuery(filter, { ...compile, collator }),
    skip: options.skip ?? 0,
    limit: options.limit || Number.POSITIVE_INFINITY,
    project: compileProjection(projection, { ...compile, filter, collation: collator }),
  })
  // As MongoDB has it, an empty collection cannot be followed.
  return collection.count > 0 ? source : new ListSource([])
}

export const find: Command = {
  name: 'find',
  fields: FIND_FIELDS,
  kinds: { collation: 'object', singleBatch: 'bool', allowDiskUse: 'flag', tailable: 'flag', awaitData: 'flag' },
  transactional: true,
  async run(context) {
    const name =
      typeof context.body.find === 'string' ? collectionName(context) : collectionOfUuid(context, context.body.find)
    const namespace = `${context.database}.${name}`
    refuse(context)
    checkTailing(context)
    if (context.inTransaction && flag(context.body.readOnce))
      throw new CommandError(
        263,
        'OperationNotSupportedInTransaction',
        'The readOnce cursor option is not supported within a transaction.',
      )
    const given = optionalNumber(context, 'limit') ?? 0
    if (optionalNumber(context, 'limit') !== undefined && given < 0)
      throw new CommandError(51024, 'Location51024', `BSON field 'limit' value must be >= 0, actual value '${given}'`)
    const view = context.source.view(namespace)
    if (view) return findOnView(context, view)
    const collection = context.source.collection(namespace)
    const options: FindOptions = {
      filter: optionalDocument(context, 'filter') ?? {},
      sort: optionalDocument(context, 'sort'),
      projection: optionalDocument(context, 'projection'),
      skip: optionalCount(context, 'skip'),
      limit: Math.floor(given),
      hint: context.body.hint,
      collator: queryCollator(context.body.collation, collection),
      let: optionalDocument(context, 'let'),
      bounds: { min: optionalDocument(context, 'min'), max: optionalDocument(context, 'max') },
      keyed: keyedOptions(context),
    }
    const batchSize = optionalCount(context, 'batchSize')
    const tailable = flag(context.body.tailable)
    const source =
      tailable && collection ? openTail(context, collection, options) : openFind(options, collection, context.source)
    return replyWithCursor(context, namespace, source, {
      batchSize,
      singleBatch: flag(context.body.singleBatch),
      noTimeout: flag(context.body.noCursorTimeout),
      activity: `Executor error during find command: ${namespace}`,
      awaitData: tailable && flag(context.body.awaitData),
    })
  },
}
