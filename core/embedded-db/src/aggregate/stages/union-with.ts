import { CommandError } from '../../errors.ts'
import { isObject } from '../../values/types.ts'
import { toBatches } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'
import { openSource } from './lookup.ts'

/** $unionWith: all input documents, then those of another collection (or of $documents) through a pipeline. */
export const compileUnionWithStage: StageCompiler = (spec, context) => {
  if (typeof spec !== 'string' && !isObject(spec))
    throw new CommandError(9, 'FailedToParse', 'the $unionWith stage specification must be an object or string')
  const { coll, pipeline = [] } =
    typeof spec === 'string' ? { coll: spec } : (spec as { coll?: unknown; pipeline?: unknown })
  const unknown =
    typeof spec === 'string' ? undefined : Object.keys(spec).find((key) => key !== 'coll' && key !== 'pipeline')
  if (unknown !== undefined)
    throw new CommandError(40415, 'Location40415', `BSON field '$unionWith.${unknown}' is an unknown field.`)
  if (coll !== undefined && typeof coll !== 'string')
    throw new CommandError(14, 'TypeMismatch', "BSON field '$unionWith.coll' is the wrong type, expected type 'string'")
  if (!Array.isArray(pipeline))
    throw new CommandError(
      14,
      'TypeMismatch',
      "BSON field '$unionWith.pipeline' is the wrong type, expected type 'array'",
    )
  if (coll !== undefined) context.reads.add(coll)
  const stages = context.compileStages(pipeline as unknown[], context, '$unionWith')
  if (coll === undefined && !stages.documents)
    throw new CommandError(
      9,
      'FailedToParse',
      '$unionWith without explicit collection must have a pipeline with $documents as first stage',
    )
  return async function* run(input, run) {
    yield* input
    yield* stages.run(toBatches(openSource(coll, stages, run.variables, undefined, context), run.pacer), run)
  }
}
