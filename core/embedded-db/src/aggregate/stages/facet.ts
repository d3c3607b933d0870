import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { setField } from '../../values/document.ts'
import { isObject, typeName } from '../../values/types.ts'
import { collect, emit, MemoryBound } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'

/** $facet: several pipelines over the same documents, one document of their results. Errors: 40169, 40170. */
export const compileFacetStage: StageCompiler = (spec, context) => {
  if (!isObject(spec) || Object.keys(spec).length === 0)
    throw new CommandError(40169, 'Location40169', 'the $facet specification must be a non-empty object')
  const facets = Object.entries(spec).map(([name, stages]: [string, unknown]) => {
    if (name.startsWith('$') || name.includes('.'))
      throw new CommandError(40171, 'Location40171', `invalid field name in $facet: ${name}`)
    if (!Array.isArray(stages))
      throw new CommandError(
        40170,
        'Location40170',
        `arguments to $facet must be arrays, ${name} is type ${typeName(stages)}`,
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
