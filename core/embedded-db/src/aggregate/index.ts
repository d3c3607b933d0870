import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { compileSorter } from '../values/sort.ts'
import { asDocument, isObject } from '../values/types.ts'
import { compileConstantScope } from './constant-scope.ts'
import { type Leading, splitLeading } from './leading.ts'
import { Pacer } from './pacer.ts'
import { chain, compileRuns, compileStage, compileStages, nameStages, type NamedStage, sourceStages } from './stages.ts'
import { limitRun, skipRun } from './stages/basic.ts'
import type { StageContext } from './stages/compiler.ts'
import { compileDocuments } from './stages/documents.ts'
import { sortRun } from './stages/sort.ts'
import { type StageRun, toBatches } from './stream.ts'
import type { Applied, Documents, Pipeline, PipelineOptions } from './types.ts'

export type {
  Applied,
  Documents,
  MergeSpec,
  Pipeline,
  PipelineOptions,
  PipelineWriters,
  SpecialSource,
  Target,
} from './types.ts'

const defaultMemoryLimit = 100 * 1024 * 1024

interface LeadingRuns {
  match: StageRun | undefined
  sort: StageRun | undefined
  skip: StageRun | undefined
  limit: StageRun | undefined
  rest: StageRun
}

function compileLeading(leading: Leading, context: StageContext): LeadingRuns {
  const { match, sort, skip, limit, rest } = leading
  const stage = (name: string, spec: unknown): StageRun | undefined =>
    spec === undefined ? undefined : compileStage({ name, spec }, context)
  const sortStage = stage('$sort', sort)
  const room = limit === undefined ? Infinity : limit + (skip ?? 0)
  return {
    match: stage('$match', match),
    sort:
      sort && sortStage
        ? room === Infinity
          ? sortStage
          : sortRun(compileSorter(sort, context.scope.collator), context.memoryLimit, room)
        : undefined,
    skip: skip === undefined ? undefined : skipRun(skip),
    limit: limit === undefined ? undefined : limitRun(limit),
    rest: chain(compileRuns(rest, context)),
  }
}

function pending(runs: LeadingRuns, applied: Applied): StageRun {
  const list = [
    applied.match ? undefined : runs.match,
    applied.sort ? undefined : runs.sort,
    applied.skip ? undefined : runs.skip,
    applied.limit ? undefined : runs.limit,
    runs.rest,
  ]
  return chain(list.filter((run) => run !== undefined))
}

function requireSource({ name, spec }: NamedStage): { stage: string; spec: Document } {
  if (spec !== null && !isObject(spec))
    throw new CommandError(9, 'FailedToParse', `the ${name} stage specification must be an object`)
  return { stage: name, spec: spec === null ? {} : asDocument(spec) }
}

/**
 * Compiles an aggregation pipeline; everything in it is checked. Errors are CommandErrors with MongoDB's codes; 238 for
 * what is not supported ($search, $function, …). Running may add 292 when a stage passes its memory bound.
 */
export function compilePipeline(stages: Document[], options: PipelineOptions): Pipeline {
  const { scope, variables } = compileConstantScope({
    let: options.let,
    now: options.now,
    clusterTime: options.clusterTime,
    collator: options.collation,
  })
  const reads = new Set<string>()
  const context: StageContext = {
    scope,
    variables,
    options,
    memoryLimit: options.memoryLimitBytes ?? defaultMemoryLimit,
    reads,
    compileStages,
  }
  const named = nameStages(stages, 'top')
  const [first] = named
  const source = first && sourceStages.has(first.name) ? requireSource(first) : undefined
  const documents = first?.name === '$documents' ? compileDocuments(first.spec, scope) : undefined
  const leading = splitLeading(source || documents ? named.slice(1) : named)
  const runs = compileLeading(leading, context)
  async function* runBatches(input: Documents, applied: Applied = {}): AsyncGenerator<Document[], void, void> {
    const pacer = new Pacer(options.onTurn)
    const start = documents ? documents(variables) : input
    yield* pending(runs, applied)(toBatches(start, pacer), { variables, pacer })
  }
  return {
    ...(leading.match ? { leadingMatch: leading.match } : {}),
    ...(leading.sort ? { leadingSort: leading.sort } : {}),
    ...(leading.skip === undefined ? {} : { leadingSkip: leading.skip }),
    ...(leading.limit === undefined ? {} : { leadingLimit: leading.limit }),
    rest: leading.rest.map(({ name, spec }) => ({ [name]: spec })),
    ...(source ? { source } : {}),
    isChangeStream: source?.stage === '$changeStream',
    writes: ['$out', '$merge'].includes(named.at(-1)?.name ?? ''),
    reads: [...reads],
    async *run(input, applied) {
      for await (const batch of runBatches(input, applied)) yield* batch
    },
    runBatches,
  }
}
