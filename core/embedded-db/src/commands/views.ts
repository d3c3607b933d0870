import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import type { View } from '../engine/collection.ts'
import { Turns } from '../engine/interrupt.ts'
import { compileAggregation, runAggregation } from '../engine/query/aggregation.ts'
import type { AggregationOptions } from '../engine/query/aggregation.ts'
import { DistinctValues } from '../engine/query/distinct-values.ts'
import { PipelineSource } from '../engine/query/document-stream.ts'
import { compileCollation } from '../values/collation.ts'
import type { Collator } from '../values/collation.ts'
import { isObject } from '../values/types.ts'
import type { Reply } from '../wire/reply.ts'
import { flag, optionalCount, optionalDocument, optionalNumber } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'

/** The view's collation, which an operation on it may repeat and not change. */
export function viewCollator(context: CommandContext, view: View): Collator | undefined {
  const collator = compileCollation(view.collation)
  const own = optionalDocument(context, 'collation')
  if (own && compileCollation(own) !== collator)
    throw new CommandError(
      167,
      'OptionNotSupportedOnView',
      `Cannot override a view's default collation: ${view.namespace}`,
    )
  return collator
}

function optionsFor(context: CommandContext, view: View): AggregationOptions {
  return {
    engine: context.engine,
    source: context.source,
    interrupt: context.interrupt,
    database: context.database,
    collection: view.name,
    let: optionalDocument(context, 'let'),
    collator: viewCollator(context, view),
    hint: context.body.hint,
  }
}

/** What a find on a collection takes and an aggregation does not. */
const OF_COLLECTIONS = ['min', 'max', 'returnKey', 'showRecordId', 'tailable']

function checkFindOptions({ body }: CommandContext): void {
  const given = OF_COLLECTIONS.find((field) => isObject(body[field]) || flag(body[field]))
  if (given) throw new CommandError(168, 'InvalidPipelineOperator', `Option ${given} not supported in aggregation.`)
}

/** A find on a view is the aggregation of its stages and the find's parts. */
export function findOnView(context: CommandContext, view: View): Promise<Reply> {
  checkFindOptions(context)
  const stages: Document[] = []
  const filter = optionalDocument(context, 'filter')
  const sort = optionalDocument(context, 'sort')
  const projection = optionalDocument(context, 'projection')
  const skip = optionalCount(context, 'skip')
  const limit = optionalNumber(context, 'limit')
  if (filter && Object.keys(filter).length > 0) stages.push({ $match: filter })
  const natural = sort && '$natural' in sort
  if (sort && Object.keys(sort).length > 0 && !natural) stages.push({ $sort: sort })
  if (skip) stages.push({ $skip: skip })
  if (limit) stages.push({ $limit: Math.abs(limit) })
  if (projection && Object.keys(projection).length > 0) stages.push({ $project: projection })
  const options = optionsFor(context, view)
  const { documents } = runAggregation(stages, natural ? { ...options, hint: sort } : options)
  return replyWithCursor(context, view.namespace, new PipelineSource(documents), {
    batchSize: optionalCount(context, 'batchSize'),
    singleBatch: context.body.singleBatch === true,
    activity: 'PlanExecutor error during aggregation',
  })
}

export async function countOnView(context: CommandContext, view: View, filter: Document): Promise<Reply> {
  const stages: Document[] = [{ $match: filter }]
  const skip = optionalCount(context, 'skip')
  const limit = optionalNumber(context, 'limit')
  if (skip) stages.push({ $skip: skip })
  if (limit) stages.push({ $limit: Math.abs(limit) })
  for await (const { n } of runAggregation([...stages, { $count: 'n' }], optionsFor(context, view)).documents)
    return { n: n as unknown }
  return { n: 0 }
}

export async function distinctOnView(context: CommandContext, view: View, key: string): Promise<Reply> {
  const options = optionsFor(context, view)
  const values = new DistinctValues(key, options.collator)
  for await (const row of runAggregation([{ $match: optionalDocument(context, 'query') ?? {} }], options).documents)
    values.add(row)
  return { values: await values.sorted(new Turns(context.interrupt)), atClusterTime: context.atClusterTime }
}

/** @throws CommandError when the stages of a view are malformed, or one of them cannot be in a view */
export function checkViewPipeline(context: CommandContext, stages: Document[], namespace: string): void {
  stages.forEach((stage, i) => {
    const unfit = Object.keys(stage).find((name) => name === '$out' || name === '$merge' || name === '$changeStream')
    if (unfit)
      throw new CommandError(
        167,
        'OptionNotSupportedOnView',
        `The aggregation stage ${unfit} in location ${i} of the pipeline cannot be used in the view definition of ${namespace}`,
      )
  })
  const { source } = compileAggregation(stages, {
    engine: context.engine,
    source: context.source,
    interrupt: context.interrupt,
    database: context.database,
    collection: 'view',
  })
  if (source) throw notImplemented(`a view that starts with ${source.stage}`)
}
