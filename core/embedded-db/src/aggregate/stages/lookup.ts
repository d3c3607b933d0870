import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { isObject, typeName } from '../../values/types.ts'
import { checkFieldPath } from '../expression.ts'
import { checkVariableName, type Expression, extendScope, type Scope, type Variables } from '../scope.ts'
import { collect, MemoryBound, type RunContext, toBatches } from '../stream.ts'
import type { CompiledStages, StageCompiler, StageContext } from './compiler.ts'
import { compileBoundFilter } from './match.ts'
import { groupByForeign, joinFilter, localKeys, pickForeign } from './join.ts'
import { withValue } from './unwind.ts'

const optionNames = ['from', 'as', 'localField', 'foreignField', 'let', 'pipeline']

interface Lookup {
  from: string | undefined
  as: string[]
  local: string | undefined
  foreign: string | undefined
  let: Document
  pipeline: unknown[] | undefined
}

function text(spec: Document, name: string): string | undefined {
  const value: unknown = spec[name]
  if (value !== undefined && typeof value !== 'string')
    throw new CommandError(
      9,
      'FailedToParse',
      `$lookup argument '${name}' must be a string, is type ${typeName(value)}`,
    )
  return value
}

function parse(spec: unknown): Lookup {
  if (!isObject(spec))
    throw new CommandError(
      9,
      'FailedToParse',
      'the $lookup stage specification must be an object, but found ' + typeName(spec),
    )
  const unknown = Object.keys(spec).find((name) => !optionNames.includes(name))
  if (unknown !== undefined) throw new CommandError(9, 'FailedToParse', `unknown argument to $lookup: ${unknown}`)
  const [from, as, local, foreign] = [
    text(spec, 'from'),
    text(spec, 'as'),
    text(spec, 'localField'),
    text(spec, 'foreignField'),
  ]
  const { let: variables = {}, pipeline } = spec as { let?: unknown; pipeline?: unknown }
  if (as === undefined) throw new CommandError(9, 'FailedToParse', "must specify 'as' field for a $lookup")
  checkFieldPath(as)
  if (pipeline !== undefined && !Array.isArray(pipeline))
    throw new CommandError(14, 'TypeMismatch', "'pipeline' option must be specified as an array")
  if (from === undefined && pipeline === undefined)
    throw new CommandError(9, 'FailedToParse', "missing 'from' option to $lookup stage specification")
  if ((local === undefined) !== (foreign === undefined))
    throw new CommandError(
      9,
      'FailedToParse',
      "$lookup requires both or neither of 'localField' and 'foreignField' to be specified",
    )
  if (pipeline === undefined && local === undefined)
    throw new CommandError(
      9,
      'FailedToParse',
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    )
  if (pipeline === undefined && 'let' in spec)
    throw new CommandError(9, 'FailedToParse', "$lookup with a 'let' argument must also specify 'pipeline'")
  if (!isObject(variables))
    throw new CommandError(9, 'FailedToParse', `$lookup argument 'let: ${String(variables)}' must be an object`)
  for (const path of [local, foreign]) if (path !== undefined) checkFieldPath(path)
  return { from, as: as.split('.'), local, foreign, let: variables, pipeline: pipeline as unknown[] | undefined }
}

/** Both join fields and no pipeline: a batch of documents is joined with one look-up of all their values. */
function equalityJoin(
  { from, as, local, foreign }: Lookup,
  { options, memoryLimit, scope }: StageContext,
): ReturnType<StageCompiler> {
  const keysOf = localKeys(local as string)
  const path = foreign as string
  return async function* run(input, { pacer }) {
    for await (const batch of input) {
      const keys = batch.map(keysOf)
      const bound = new MemoryBound('$lookup', memoryLimit)
      const found = await collect(
        toBatches(options.lookup(from as string, { match: joinFilter(path, keys.flat()) }), pacer),
        bound,
      )
      const index = await groupByForeign(found, path, scope.collator, pacer)
      yield batch.map((document, i) =>
        withValue(document, as, pickForeign(found, index, keys[i] as unknown[], scope.collator)),
      )
      const rest = pacer.rest()
      if (rest) await rest
    }
  }
}

interface SubPipeline {
  stages: CompiledStages
  bindings: { slot: number; value: Expression }[]
  /** Whether it reads a variable of its own `let`, so that its result differs from document to document. */
  correlated: boolean
}

function compileSubPipeline(lookup: Lookup, context: StageContext): SubPipeline {
  const names = Object.keys(lookup.let)
  names.forEach(checkVariableName)
  const values = names.map((name) => context.scope.compile(lookup.let[name], context.scope))
  let correlated = false
  const own = extendScope(context.scope, names)
  const slots = new Set(own.slots)
  const scope: Scope = {
    ...own.scope,
    onRead: (slot) => {
      if (slots.has(slot)) correlated = true
      context.scope.onRead?.(slot)
    },
  }
  const stages = context.compileStages(lookup.pipeline ?? [], { ...context, scope }, '$lookup')
  return { stages, bindings: values.map((value, i) => ({ slot: own.slots[i] as number, value })), correlated }
}

function pipelineJoin(lookup: Lookup, context: StageContext): ReturnType<StageCompiler> {
  const { stages, bindings, correlated } = compileSubPipeline(lookup, context)
  const keysOf = lookup.local === undefined ? undefined : localKeys(lookup.local)
  const foreign = async (document: Document, run: RunContext): Promise<Document[]> => {
    const variables: Variables = [...run.variables]
    for (const { slot, value } of bindings) variables[slot] = value(document, run.variables)
    const join = keysOf ? joinFilter(lookup.foreign as string, keysOf(document)) : undefined
    const source = openSource(lookup.from, stages, variables, join, context)
    return collect(
      stages.run(toBatches(source, run.pacer), { ...run, variables }),
      new MemoryBound('$lookup', context.memoryLimit),
    )
  }
  return async function* run(input, run) {
    let shared: Document[] | undefined
    for await (const batch of input) {
      const output: Document[] = []
      for (const document of batch) {
        const found: Document[] =
          correlated || keysOf ? await foreign(document, run) : (shared ??= await foreign(document, run))
        output.push(withValue(document, lookup.as, found))
      }
      yield output
    }
  }
}

/** The documents that a sub-pipeline starts from: its own $documents, or a collection asked for the filter it begins with. */
export function openSource(
  from: string | undefined,
  stages: CompiledStages,
  variables: Variables,
  join: Document | undefined,
  { options, scope }: StageContext,
): ReturnType<StageContext['options']['lookup']> {
  if (stages.documents) {
    const documents = stages.documents(variables)
    return join ? documents.filter(compileBoundFilter(join, scope).test) : documents
  }
  if (from === undefined)
    throw new CommandError(9, 'FailedToParse', "$lookup without 'from' must begin with $documents")
  const filters = [join, stages.headMatch?.(variables)].filter((filter) => filter !== undefined)
  const [only] = filters
  if (!only) return options.lookup(from, {})
  return options.lookup(from, { match: filters.length === 1 ? only : { $and: filters } })
}

/** $lookup in its forms: join fields, pipeline with `let`, or both. Errors: 9, 14. */
export const compileLookupStage: StageCompiler = (spec, context) => {
  const lookup = parse(spec)
  if (lookup.from !== undefined) context.reads.add(lookup.from)
  return lookup.pipeline === undefined ? equalityJoin(lookup, context) : pipelineJoin(lookup, context)
}
