import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { View } from '../engine/collection.ts'
import { compileAggregation, runAggregation } from '../engine/query/aggregation.ts'
import type { AggregationOptions } from '../engine/query/aggregation.ts'
import { PipelineSource } from '../engine/query/document-stream.ts'
import { compileCollation } from '../values/collation.ts'
import type { Reply } from '../wire/reply.ts'
import { optionalCount, optionalDocument, optionalNumber } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'

function optionsFor(context: CommandContext, view: View): AggregationOptions {
  const own = optionalDocument(context, 'collation')
  return {
    engine: context.engine,
    source: context.source,
    interrupt: context.interrupt,
    database: context.database,
    collection: view.name,
    let: optionalDocument(context, 'let'),
    collator: compileCollation(own ?? view.collation),
  }
}

/** A find on a view is the aggregation of its stages and the find's parts. */
export function findOnView(context: CommandContext, view: View): Promise<Reply> {
  const stages: Document[] = []
  const filter = optionalDocument(context, 'filter')
  const sort = optionalDocument(context, 'sort')
  const projection = optionalDocument(context, 'projection')
  const skip = optionalCount(context, 'skip')
  const limit = optionalNumber(context, 'limit')
  if (filter && Object.keys(filter).length > 0) stages.push({ $match: filter })
  if (sort && Object.keys(sort).length > 0 && !('$natural' in sort)) stages.push({ $sort: sort })
  if (skip) stages.push({ $skip: skip })
  if (limit) stages.push({ $limit: Math.abs(limit) })
  if (projection && Object.keys(projection).length > 0) stages.push({ $project: projection })
  const { documents } = runAggregation(stages, optionsFor(context, view))
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
  const stages = [
    { $match: optionalDocument(context, 'query') ?? {} },
    { $unwind: { path: `$${key}`, preserveNullAndEmptyArrays: false } },
    { $group: { _id: `$${key}` } },
    { $sort: { _id: 1 } },
  ]
  const values: unknown[] = []
  for await (const row of runAggregation(stages, optionsFor(context, view)).documents) values.push(row._id)
  return { values, atClusterTime: context.atClusterTime }
}

/** @throws CommandError when the stages of a view are malformed or write */
export function checkViewPipeline(context: CommandContext, stages: Document[]): void {
  const pipeline = compileAggregation(stages, {
    engine: context.engine,
    source: context.source,
    interrupt: context.interrupt,
    database: context.database,
    collection: 'view',
  })
  if (pipeline.writes || pipeline.source)
    throw new CommandError(167, 'OptionNotSupportedOnView', 'a view cannot contain $out, $merge or a special source')
}
