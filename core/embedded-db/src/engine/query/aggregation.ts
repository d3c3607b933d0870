import type { Document } from 'bson'
import { compilePipeline } from '../../aggregate/index.ts'
import type { Applied, Pipeline, PipelineOptions, PipelineWriters } from '../../aggregate/types.ts'
import { CommandError } from '../../errors.ts'
import type { Collator } from '../../values/collation.ts'
import type { View } from '../collection.ts'
import type { Engine } from '../engine.ts'
import type { Interrupt } from '../interrupt.ts'
import { MAX_VIEW_DEPTH } from '../view-graph.ts'
import { countMatching } from './count.ts'
import { documentsOf } from './document-stream.ts'
import { compileFind } from './open-find.ts'
import type { OpenFind } from './open-find.ts'
import type { Plan } from '../planner/plan.ts'
import { nameGeoNearKey } from './near-index.ts'
import { countingResult, pipelineFields } from './pipeline-fields.ts'
import { compileQuery } from './query.ts'
import type { ReadSource } from './read-source.ts'

export interface AggregationOptions {
  engine: Engine
  source: ReadSource
  interrupt: Interrupt
  database: string
  /** Undefined for an aggregation on the database itself. */
  collection: string | undefined
  let?: Document | undefined
  collator?: Collator | undefined
  hint?: unknown
  allowDiskUse?: boolean | undefined
  write?: PipelineWriters | undefined
  /** Only the plan is asked for, and what running it reads. */
  explains?: boolean
}

export interface OpenAggregation {
  documents: AsyncGenerator<Document, void, void>
  pipeline: Pipeline
  plan: Plan | undefined
  find: OpenFind | undefined
}

/** The collection under a view, with the stages of every view on the way before the query's own. */
function resolveView(
  source: ReadSource,
  view: View,
  stages: readonly Document[],
): { name: string; stages: Document[]; collation: Document | undefined } {
  let name = view.viewOn
  let all = [...view.pipeline, ...stages]
  for (let depth = 0; ; depth++) {
    const next = source.view(`${view.database}.${name}`)
    if (!next) return { name, stages: all, collation: view.collation }
    if (depth > MAX_VIEW_DEPTH)
      throw new CommandError(
        165,
        'ViewDepthLimitExceeded',
        `View depth too deep or view cycle detected; maximum depth is ${MAX_VIEW_DEPTH}`,
      )
    all = [...next.pipeline, ...all]
    name = next.viewOn
  }
}

export function compileAggregation(stages: readonly Document[], options: AggregationOptions): Pipeline {
  const compile: PipelineOptions = {
    ns: `${options.database}.${options.collection ?? '$cmd.aggregate'}`,
    let: options.let,
    collation: options.collator,
    now: new Date(),
    clusterTime: options.engine.clock.now(),
    allowDiskUse: options.allowDiskUse,
    lookup: (collection, head) => foreign(options, collection, head.match),
    write: options.write,
  }
  return compilePipeline([...stages], compile)
}

/** The documents of another collection or view, for $lookup and its kin. */
async function* foreign(
  options: AggregationOptions,
  name: string,
  match: Document | undefined,
): AsyncGenerator<Document> {
  const inner = { ...options, collection: name, let: undefined, hint: undefined, write: undefined }
  yield* runAggregation(match ? [{ $match: match }] : [], inner).documents
}

/** Compiles a pipeline and opens its source: the find that its leading stages ask for, on a collection or through views. */
export function runAggregation(given: readonly Document[], options: AggregationOptions): OpenAggregation {
  let stages: readonly Document[] = given
  let name = options.collection
  const view = name === undefined ? undefined : options.source.view(`${options.database}.${name}`)
  if (view) {
    const resolved = resolveView(options.source, view, given)
    stages = resolved.stages
    name = resolved.name
  }
  if (name !== undefined) stages = nameGeoNearKey(stages, options.source.collection(`${options.database}.${name}`))
  const pipeline = compileAggregation(stages, { ...options, collection: name })
  const opened = name === undefined || pipeline.source ? undefined : openSource(pipeline, name, options)
  const counted = name !== undefined && !options.explains ? countOnly(pipeline, name, options) : undefined
  if (counted) return { pipeline, plan: opened?.plan, find: opened?.find, documents: counted }
  const source = opened ? documentsOf(opened.find, options.interrupt, pipelineFields(pipeline.rest)) : []
  return { pipeline, plan: opened?.plan, find: opened?.find, documents: pipeline.run(source, opened?.applied) }
}

/** The result of a pipeline that does nothing but count, from totals or index entries where they tell. */
function countOnly(
  pipeline: Pipeline,
  name: string,
  { source, database, interrupt, collator, hint, ...options }: AggregationOptions,
): AsyncGenerator<Document, void, void> | undefined {
  const result = countingResult(pipeline.rest)
  const collection = source.collection(`${database}.${name}`)
  const { leadingMatch: filter = {}, leadingSort, leadingSkip, leadingLimit } = pipeline
  if (!result || !collection || leadingSort || leadingSkip !== undefined || leadingLimit !== undefined) return undefined
  const query = compileQuery(filter, { collator, let: options.let, now: new Date() })
  return (async function* () {
    const count = await countMatching(source, collection, query, hint, Number.POSITIVE_INFINITY, interrupt)
    if (count > 0) yield result(count)
  })()
}

function openSource(
  pipeline: Pipeline,
  name: string,
  options: AggregationOptions,
): { find: OpenFind; plan: Plan; applied: Applied } | undefined {
  const collection = options.source.collection(`${options.database}.${name}`)
  const { leadingMatch, leadingSort, leadingSkip, leadingLimit } = pipeline
  if (!collection) return undefined
  const { find, plan } = compileFind({
    filter: leadingMatch ?? {},
    sort: leadingSort,
    skip: leadingSkip,
    limit: leadingLimit,
    hint: options.hint,
    collator: options.collator,
    let: options.let,
  }).open(collection, options.source)
  return {
    find,
    plan,
    applied: {
      match: leadingMatch !== undefined,
      sort: leadingSort !== undefined,
      skip: leadingSkip !== undefined,
      limit: leadingLimit !== undefined,
    },
  }
}
