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

function missing(path: string): CommandError {
  return new CommandError(40414, 'Location40414', `BSON field '${path}' is missing but a required field`)
}

/** The namespace that `$out` or `into` of `$merge` names. Errors: 14, 40414, 40415. */
function target(value: string | Document, path: string, required: readonly string[], context: StageContext): Target {
  if (typeof value === 'string') return { db: currentDatabase(context), coll: value }
  if ('timeseries' in value) throw notImplemented('writing into a time series by $out or $merge')
  for (const [name, given] of Object.entries(value)) {
    if (name !== 'db' && name !== 'coll')
      throw new CommandError(40415, 'Location40415', `BSON field '${path}.${name}' is an unknown field.`)
    if (typeof given !== 'string')
      throw new CommandError(
        14,
        'TypeMismatch',
        `BSON field '${path}.${name}' is the wrong type '${typeName(given)}', expected type 'string'`,
      )
  }
  for (const name of required) if (!(name in value)) throw missing(`${path}.${name}`)
  return { db: (value.db as string | undefined) ?? currentDatabase(context), coll: value.coll as string }
}

/** Neither a collection of the system's nor a database of the server's may be written into. */
function checkTarget({ db, coll }: Target, stage: string, special: number, internal: number): void {
  if (coll.startsWith('system.'))
    throw new CommandError(special, `Location${special}`, `Can't ${stage} to special collection: ${coll}`)
  if (['admin', 'config', 'local'].includes(db))
    throw new CommandError(internal, `Location${internal}`, `Can't ${stage} to internal database: ${db}`)
}

async function* flatten(input: Batches): AsyncGenerator<Document, void, void> {
  for await (const batch of input) yield* batch
}

function writers({ options }: StageContext): PipelineWriters {
  if (!options.write) throw new CommandError(72, 'InvalidOptions', 'this aggregation may not write')
  return options.write
}

/** $out: the result replaces the target collection. Errors: 14, 16990, 17385, 31321, 40414, 40415. */
export const compileOutStage: StageCompiler = (spec, context) => {
  if (typeof spec !== 'string' && !isObject(spec))
    throw new CommandError(
      16990,
      'Location16990',
      `$out only supports a string or object argument, but found ${typeName(spec)}`,
    )
  const to = target(spec, '$out', ['coll', 'db'], context)
  checkTarget(to, '$out', 17385, 31321)
  const write = writers(context)
  return async function* run(input) {
    await write.out(to, flatten(input))
    yield* []
  }
}

const matchedModes = ['replace', 'keepExisting', 'merge', 'fail'] as const
const unmatchedModes = ['insert', 'discard', 'fail'] as const

/** Errors: 51186 for another type, 51187 for an empty list, 51134 for a name that is no text, 31465 for one given twice. */
function mergeOn(value: unknown): string[] {
  if (value === undefined) return ['_id']
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value))
    throw new CommandError(51186, 'Location51186', "$merge 'on' field must be either a string or an array of strings")
  if (value.length === 0)
    throw new CommandError(
      51187,
      'Location51187',
      "If explicitly specifying $merge 'on', must include at least one field",
    )
  const other: unknown = (value as unknown[]).find((name) => typeof name !== 'string')
  if (other !== undefined)
    throw new CommandError(
      51134,
      'Location51134',
      `$merge 'on' array elements must be strings, but found ${typeName(other)}`,
    )
  const twice: unknown = (value as unknown[]).find((name, i) => value.indexOf(name) !== i)
  if (twice !== undefined) throw new CommandError(31465, 'Location31465', `Found a duplicate field '${String(twice)}'`)
  return value as string[]
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
  if (whenNotMatched === 'fail' && (matched === 'fail' || matched === 'keepExisting'))
    throw new CommandError(
      51181,
      'Location51181',
      `Combination of $merge modes 'whenMatched: ${matched}' and 'whenNotMatched: fail' is not supported`,
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

/** $merge: the result is written into the target collection by the `on` fields. Errors: 2, 14, 31319, 31320, 51178 to 51199. */
export const compileMergeStage: StageCompiler = (spec, context) => {
  if (typeof spec !== 'string' && !isObject(spec))
    throw new CommandError(
      51182,
      'Location51182',
      `$merge requires a string or object argument, but found ${typeName(spec)}`,
    )
  const full: Document = typeof spec === 'string' ? { into: spec } : asDocument(spec)
  const unknown = Object.keys(full).find(
    (name) => !['into', 'on', 'let', 'whenMatched', 'whenNotMatched', 'targetCollectionVersion'].includes(name),
  )
  if (unknown !== undefined)
    throw new CommandError(40415, 'Location40415', `BSON field '$merge.${unknown}' is an unknown field.`)
  const into: unknown = full.into
  if (into === undefined) throw missing('$merge.into')
  if (typeof into !== 'string' && !isObject(into))
    throw new CommandError(
      51178,
      'Location51178',
      `$merge 'into' field  must be either a string or an object, but found ${typeName(into)}`,
    )
  const to = target(into, '$merge.into', ['coll'], context)
  const merge = mergeSpec(full, context)
  checkTarget(to, '$merge', 31319, 31320)
  const write = writers(context)
  write.checkMerge(to, merge)
  return async function* run(input) {
    await write.merge(to, merge, flatten(input))
    yield* []
  }
}
