import type { Document } from 'bson'
import { CommandError, notImplemented } from '../../errors.ts'
import { compileUpdatePipeline } from '../update-pipeline.ts'
import { asDocument, isObject, typeName } from '../../values/types.ts'
import { checkVariableName, type Variables } from '../scope.ts'
import type { Batches } from '../stream.ts'
import type { MergeSpec, PipelineWriters, Target } from '../types.ts'
import type { StageCompiler, StageContext } from './compiler.ts'

function currentDatabase({ options }: StageContext): string {
  return options.ns.split('.')[0] as string
}

function target(value: unknown, stage: string, context: StageContext): Target {
  if (typeof value === 'string') return { db: currentDatabase(context), coll: value }
  if (!isObject(value) || typeof value.coll !== 'string')
    throw new CommandError(
      16990,
      'Location16990',
      `${stage} only supports a string or object argument, but found ${typeName(value)}`,
    )
  if ('timeseries' in value) throw notImplemented('time series collections')
  return { db: typeof value.db === 'string' ? value.db : currentDatabase(context), coll: value.coll }
}

async function* flatten(input: Batches): AsyncGenerator<Document, void, void> {
  for await (const batch of input) yield* batch
}

function writers({ options }: StageContext): PipelineWriters {
  if (!options.write) throw new CommandError(72, 'InvalidOptions', 'this aggregation may not write')
  return options.write
}

/** $out: the result replaces the target collection. */
export const compileOutStage: StageCompiler = (spec, context) => {
  const to = target(spec, '$out', context)
  const write = writers(context)
  return async function* run(input) {
    await write.out(to, flatten(input))
    yield* []
  }
}

const matchedModes = ['replace', 'keepExisting', 'merge', 'fail'] as const
const unmatchedModes = ['insert', 'discard', 'fail'] as const

function mergeOn(value: unknown): string[] {
  const list: unknown[] = value === undefined ? ['_id'] : Array.isArray(value) ? value : [value]
  if (list.length === 0 || !list.every((name) => typeof name === 'string'))
    throw new CommandError(51186, 'Location51186', "$merge 'on' field must be either a string or an array of strings")
  return list as string[]
}

function mergeVariables(
  spec: Document,
  context: StageContext,
): { names: string[]; evaluate: (document: Document, run: Variables) => Document } {
  const variables: unknown = spec.let ?? { new: '$$ROOT' }
  if (!isObject(variables))
    throw new CommandError(14, 'TypeMismatch', "BSON field '$merge.let' is the wrong type, expected type 'object'")
  const names = Object.keys(variables)
  names.forEach(checkVariableName)
  const values = names.map((name) => context.scope.compile(variables[name], context.scope))
  const added = 'new' in variables ? [] : ['new']
  return {
    names: [...names, ...added],
    evaluate: (document, run) => ({
      new: document,
      ...Object.fromEntries(names.map((name, i) => [name, values[i]?.(document, run)])),
    }),
  }
}

function mergeSpec(spec: Document, context: StageContext): MergeSpec {
  const matched: unknown = spec.whenMatched ?? 'merge'
  const unmatched: unknown = spec.whenNotMatched ?? 'insert'
  const whenNotMatched = unmatchedModes.find((mode) => mode === unmatched)
  if (!whenNotMatched)
    throw new CommandError(
      2,
      'BadValue',
      `Enumeration value '${String(unmatched)}' for field '$merge.whenNotMatched' is not a valid value.`,
    )
  const on = mergeOn(spec.on)
  if (Array.isArray(matched)) {
    const { names, evaluate } = mergeVariables(spec, context)
    const { collation, now, clusterTime } = context.options
    const run = compileUpdatePipeline(matched as unknown[], { collation, now, clusterTime }, names)
    return {
      on,
      whenMatched: 'pipeline',
      whenNotMatched,
      update: (existing, incoming) => run(existing, evaluate(incoming, context.variables)),
    }
  }
  const whenMatched = matchedModes.find((mode) => mode === matched)
  if (!whenMatched)
    throw new CommandError(
      2,
      'BadValue',
      `Enumeration value '${String(matched)}' for field '$merge.whenMatched' is not a valid value.`,
    )
  if ('let' in spec)
    throw new CommandError(
      51199,
      'Location51199',
      "Cannot use 'let' variables with 'whenMatched: " + whenMatched + "' mode",
    )
  return { on, whenMatched, whenNotMatched }
}

/** $merge: the result is written into the target collection by the `on` fields. Errors: 2, 14, 51186, 51199. */
export const compileMergeStage: StageCompiler = (spec, context) => {
  const full: Document = typeof spec === 'string' ? { into: spec } : isObject(spec) ? asDocument(spec) : {}
  if (full.into === undefined)
    throw new CommandError(
      51182,
      'Location51182',
      `$merge requires a string or object argument, but found ${typeName(spec)}`,
    )
  const unknown = Object.keys(full).find(
    (name) => !['into', 'on', 'let', 'whenMatched', 'whenNotMatched', 'targetCollectionVersion'].includes(name),
  )
  if (unknown !== undefined)
    throw new CommandError(40415, 'Location40415', `BSON field '$merge.${unknown}' is an unknown field.`)
  const to = target(full.into, '$merge', context)
  const merge = mergeSpec(full, context)
  const write = writers(context)
  write.checkMerge(to, merge)
  return async function* run(input) {
    await write.merge(to, merge, flatten(input))
    yield* []
  }
}
