import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { setField } from '../../values/document.ts'
import { isObject, typeName } from '../../values/types.ts'
import { checkFieldPath } from '../expression.ts'
import { collect, emit, MemoryBound } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'

/** $facet: several pipelines over the same documents, one document of their results. Errors: 40169 to 40171, and those of a field's name. */
export const compileFacetStage: StageCompiler = (spec, context) => {
  if (!isObject(spec) || Object.keys(spec).length === 0)
    throw new CommandError(40169, 'Location40169', 'the $facet specification must be a non-empty object')
  const facets = Object.entries(spec).map(([name, stages]: [string, unknown]) => {
    if (name.includes('.')) throw new CommandError(16412, 'Location16412', "FieldPath field names may not contain '.'.")
    checkFieldPath(name)
    if (!Array.isArray(stages))
      throw new CommandError(
        40170,
        'Location40170',
        `arguments to $facet must be arrays, ${name} is type ${typeName(stages)}`,
      )
    const other: unknown = (stages as unknown[]).find((stage) => !isObject(stage))
    if (other !== undefined)
      throw new CommandError(
        40171,
        'Location40171',
        `elements of arrays in $facet spec must be non-empty objects, ${name} argument contained an element of type ${typeName(other)}`,
      )
    return { name, stages: context.compileStages(stages, context, '$facet') }
  })
  return async function* run(input, run) {
    const documents = await collect(input, new MemoryBound('$facet', context.memoryLimit))
    const result: Document = {}
    for (const { name, stages } of facets) {
      setField(
        result,
        name,
        await collect(stages.run(emit(documents, run.pacer), run), new MemoryBound('$facet', context.memoryLimit)),
      )
    }
    yield [result]
  }
}
