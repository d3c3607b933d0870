import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { compileAddFields, compileProjectStage, compileUnset } from '../projection/index.ts'
import type { UpdateOptions } from '../update/types.ts'
import { isObject } from '../values/types.ts'
import { compileConstantScope } from './constant-scope.ts'
import { extendScope, type Scope, type Variables } from './scope.ts'
import { compileReplaceRoot } from './stages/replace-root.ts'
import { stageOf } from './stages/stage-name.ts'

type Transform = (document: Document, variables: Variables) => Document

function compileTransform(name: string, spec: unknown, scope: Scope): Transform {
  switch (name) {
    case '$set':
    case '$addFields':
      return compileAddFields(spec, scope, name)
    case '$unset':
      return compileUnset(spec)
    case '$project':
      return compileProjectStage(spec, scope)
    case '$replaceRoot':
    case '$replaceWith':
      return compileReplaceRoot(name, spec, scope)
    default:
      throw new CommandError(72, 'InvalidOptions', `${name} is not allowed to be used within an update`)
  }
}

/**
 * Compiles a pipeline update to a function of a document and of values for the named variables. Errors: 72 for a stage
 * that updates do not allow, 40324 for an unknown one.
 */
export function compileUpdatePipeline(
  stages: readonly unknown[],
  options: UpdateOptions,
  names: readonly string[] = [],
): (document: Document, values?: Document) => Document {
  const constants = compileConstantScope({
    let: options.let,
    now: options.now,
    clusterTime: options.clusterTime,
    collator: options.collation,
  })
  const { variables } = constants
  const { scope, slots } = extendScope(constants.scope, names)
  const transforms = stages.map((stage) => {
    if (!isObject(stage))
      throw new CommandError(14, 'TypeMismatch', "Each element of the 'pipeline' array must be an object")
    const { name, spec } = stageOf(stage)
    return compileTransform(name, spec, scope)
  })
  return (document, values = {}) => {
    names.forEach((name, i) => {
      variables[slots[i] as number] = values[name]
    })
    return transforms.reduce((current, transform) => transform(current, variables), document)
  }
}
