import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isObject } from '../values/types.ts'
import { headMatch } from './head-match.ts'
import { countOperand } from './stages/basic.ts'
import type { CompiledStages, Place, StageContext } from './stages/compiler.ts'
import { compileDocuments } from './stages/documents.ts'
import { stageOf } from './stages/stage-name.ts'
import { sortRun } from './stages/sort.ts'
import { stageTable } from './stages/table.ts'
import { compileSorter } from '../values/sort.ts'
import type { StageRun } from './stream.ts'

/** Stages that give documents rather than transform them; the engine runs them, $documents aside. */
export const sourceStages = new Set([
  '$changeStream',
  '$collStats',
  '$indexStats',
  '$planCacheStats',
  '$currentOp',
  '$listSessions',
  '$listLocalSessions',
  '$listCatalog',
])

const refusedInFacet = new Set([
  '$facet',
  '$out',
  '$merge',
  '$collStats',
  '$indexStats',
  '$planCacheStats',
  '$geoNear',
  '$changeStream',
  '$documents',
])

export interface NamedStage {
  name: string
  spec: unknown
}

/** The stages with their names, each in a place where it may stand. Errors: 40600 to 40602, 40323, 40324, 51047. */
export function nameStages(stages: readonly unknown[], place: Place): NamedStage[] {
  return stages.map((stage, i) => {
    if (!isObject(stage))
      throw new CommandError(14, 'TypeMismatch', "Each element of the 'pipeline' array must be an object")
    const named = stageOf(stage)
    checkPlace(named.name, i, stages.length, place)
    return named
  })
}

function checkPlace(name: string, at: number, length: number, place: Place): void {
  if (place === '$facet' && refusedInFacet.has(name))
    throw new CommandError(40600, 'Location40600', `${name} is not allowed to be used within a $facet stage`)
  const writes = name === '$out' || name === '$merge'
  const alone = writes || name === '$changeStream'
  if (alone && place === '$lookup')
    throw new CommandError(51047, 'Location51047', `${name} is not allowed within a $lookup stage`)
  if (alone && place !== 'top')
    throw new CommandError(31441, 'Location31441', `${name} is not allowed within a ${place} stage's sub-pipeline`)
  if (writes && at !== length - 1)
    throw new CommandError(40601, 'Location40601', `${name} can only be the final stage in the pipeline`)
  if (at > 0 && (name === '$documents' || name === '$geoNear' || sourceStages.has(name)))
    throw new CommandError(40602, 'Location40602', `${name} is only valid as the first stage in a pipeline.`)
}

/** How many documents the stages after a $sort will take at most; a $skip is added to the $limit after it. */
function limitAfter(stages: readonly NamedStage[], at: number): number {
  const [next, further] = [stages[at + 1], stages[at + 2]]
  if (next?.name === '$limit') return countOperand('$limit', next.spec)
  if (next?.name === '$skip' && further?.name === '$limit')
    return countOperand('$skip', next.spec) + countOperand('$limit', further.spec)
  return Infinity
}

export function compileStage({ name, spec }: NamedStage, context: StageContext): StageRun {
  const compile = stageTable.get(name)
  if (!compile) throw new CommandError(40324, 'Location40324', `Unrecognized pipeline stage name: '${name}'`)
  return compile(spec, context, name)
}

/** Compiles named stages one by one; a $sort before a $limit keeps only what the limit takes. */
export function compileRuns(stages: readonly NamedStage[], context: StageContext): StageRun[] {
  return stages.map((stage, i) => {
    const run = compileStage(stage, context)
    const limit = stage.name === '$sort' ? limitAfter(stages, i) : Infinity
    return limit === Infinity
      ? run
      : sortRun(compileSorter(stage.spec as Document, context.scope.collator), context.memoryLimit, limit)
  })
}

export function chain(runs: readonly StageRun[]): StageRun {
  return (input, context) => runs.reduce((stream, run) => run(stream, context), input)
}

/** Compiles a pipeline or a sub-pipeline; everything in it is checked. */
export function compileStages(stages: readonly unknown[], context: StageContext, place: Place): CompiledStages {
  const named = nameStages(stages, place)
  const [first] = named
  const documents = first?.name === '$documents' ? compileDocuments(first.spec, context.scope) : undefined
  const rest = documents ? named.slice(1) : named
  return {
    run: chain(compileRuns(rest, context)),
    headMatch: documents ? undefined : headMatch(rest, context.scope),
    writes: ['$out', '$merge'].includes(named.at(-1)?.name ?? ''),
    documents,
  }
}
