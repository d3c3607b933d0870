import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import type { Statement } from '../engine/writes/statements.ts'
import { updateStatement } from '../engine/writes/update.ts'
import type { UpdateResult } from '../engine/writes/update.ts'
import { compileUpdate } from '../update/index.ts'
import type { CommandContext } from './command.ts'
import { isObject } from '../values/types.ts'
import { flag } from './arguments.ts'
import { checkSeriesUpdate } from './time-series.ts'
import { stampTime, targetOf } from './write-arguments.ts'
import { checkNamespace } from '../engine/engine.ts'
import { refuseMany } from '../engine/writes/retry.ts'

/** One update, from any of the commands that make them. */
export interface UpdateStatement {
  database: string
  collection: string
  filter: Document
  update: unknown
  multi: boolean
  upsert: boolean
  arrayFilters?: unknown
  collation?: unknown
  hint?: unknown
  sort?: unknown
  let?: unknown
  /** Variables of a pipeline and of its filter by name, each a value and no expression. */
  constants?: unknown
  statement: number
}

function literals(constants: unknown): Document {
  const given = isObject(constants) ? Object.entries(constants) : []
  return Object.fromEntries(given.map(([name, value]) => [name, { $literal: value as unknown }]))
}

/** @throws CommandError 238 for an upsert that brings the document to insert, which only routers send */
export function refuseSupplied(given: unknown): void {
  if (flag(given)) throw notImplemented('the option upsertSupplied of an update')
}

/** @throws CommandError for what is neither an update nor a pipeline */
export function checkUpdate(update: unknown): void {
  if (!Array.isArray(update) && !isObject(update))
    throw new CommandError(9, 'FailedToParse', 'Update argument must be either an object or an array')
  if (Array.isArray(update) && !update.every(isObject))
    throw new CommandError(14, 'TypeMismatch', "Each element of the 'pipeline' array must be an object")
}

export function checkArrayFilters(filters: unknown): void {
  if (filters !== undefined && filters !== null && !(Array.isArray(filters) && filters.every(isObject)))
    throw new CommandError(
      14,
      'TypeMismatch',
      "BSON field 'arrayFilters' is the wrong type, expected an array of objects",
    )
}

/**
 * Compiles an update; what it throws belongs to this statement alone.
 * @param record notes the result for retries
 */
export function compileUpdateStatement(
  context: CommandContext,
  one: UpdateStatement,
  record: (result: UpdateResult) => void = (result) =>
    context.statements.record(one.statement, {
      matched: result.matched,
      modified: result.modified,
      ...(result.upserted && { upserted: result.upserted.id }),
    }),
): Statement<UpdateResult> {
  const done = context.statements.done(one.statement)
  if (done) return repeated(done)
  checkUpdate(one.update)
  checkArrayFilters(one.arrayFilters)
  if (one.upsert) checkNamespace(one.database, one.collection)
  const namespace = `${one.database}.${one.collection}`
  const variables = { ...(one.let as Document | undefined), ...literals(one.constants) }
  const collection = context.source.collection(namespace)
  if (collection?.timeField !== undefined) checkSeriesUpdate(collection, one)
  const target = targetOf(context, namespace, one.filter, {
    collation: one.collation,
    hint: one.hint,
    sort: one.sort,
    let: variables,
    upsert: one.upsert,
  })
  const isOperators =
    !Array.isArray(one.update) &&
    typeof one.update === 'object' &&
    one.update !== null &&
    Object.keys(one.update)[0]?.startsWith('$') === true
  if (one.multi && !Array.isArray(one.update) && !isOperators)
    throw new CommandError(9, 'FailedToParse', 'multi update is not supported for replacement-style update')
  if (one.multi) refuseMany(context.statements, 'multi=true')
  if (one.multi && one.sort !== undefined)
    throw new CommandError(9, 'FailedToParse', 'Cannot specify sort with multi=true')
  if (isObject(one.constants) && !Array.isArray(one.update))
    throw new CommandError(51198, 'Location51198', 'Constant values may only be specified for pipeline updates')
  const update = compileUpdate(one.update as Document, {
    filter: one.filter,
    arrayFilters: one.arrayFilters as Document[] | undefined,
    collation: target.query.collator,
    let: variables,
    upsert: one.upsert,
    now: new Date(),
    clusterTime: stampTime(context),
  })
  return updateStatement(
    context.mode,
    {
      target,
      update,
      multi: one.multi,
      upsert: one.upsert,
      bypassValidation: flag(context.body.bypassDocumentValidation),
      database: one.database,
      name: one.collection,
    },
    context.interrupt,
    context.statements,
    record,
  )
}

/** A statement that an earlier attempt completed. */
function repeated(done: Document): Statement<UpdateResult> {
  const result: UpdateResult = {
    matched: Number(done.matched ?? 0),
    modified: Number(done.modified ?? 0),
    upserted: 'upserted' in done ? { id: done.upserted as unknown } : undefined,
    before: undefined,
    after: undefined,
  }
  return { within: () => result, alone: () => Promise.resolve(result) }
}
