import type { Document } from 'bson'
import type { Scope, Variables } from '../scope.ts'
import type { StageRun } from '../stream.ts'
import type { PipelineOptions } from '../types.ts'

/** What the compilation of a stage may use. */
export interface StageContext {
  readonly scope: Scope
  readonly options: PipelineOptions
  readonly memoryLimit: number
  /** The values of the command's own variables. */
  readonly variables: Variables
  /** Collections that the pipeline reads besides its own. */
  readonly reads: Set<string>
  /** Compiles the pipeline inside $lookup, $facet and $unionWith. */
  readonly compileStages: (stages: readonly unknown[], context: StageContext, place: Place) => CompiledStages
}

/** Where a pipeline stands; some stages are refused inside others. */
export type Place = 'top' | '$facet' | '$lookup' | '$unionWith' | '$graphLookup'

export interface CompiledStages {
  run: StageRun
  /** The filter that the source should be asked for; the stages still check it. */
  readonly headMatch: ((variables: unknown[]) => Document | undefined) | undefined
  readonly writes: boolean
  /** The documents that a leading $documents gives. */
  readonly documents: ((variables: unknown[]) => Document[]) | undefined
}

export type StageCompiler = (spec: unknown, context: StageContext, name: string) => StageRun
