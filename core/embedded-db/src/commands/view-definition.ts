import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { View } from '../engine/collection.ts'
import { normalizeCollation } from '../values/collation.ts'
import { typeName } from '../values/types.ts'
import type { CommandContext } from './command.ts'
import { checkViewPipeline } from './views.ts'

function wrongType({ name }: CommandContext, field: string, value: unknown, expected: string): CommandError {
  const path = `${name}.${field}`
  return new CommandError(
    14,
    'TypeMismatch',
    `BSON field '${path}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  )
}

/** The view that a command defines. @throws CommandError for one that cannot be read from */
export function viewOf(context: CommandContext, name: string): View {
  const { viewOn, pipeline, collation } = context.body
  if (typeof viewOn !== 'string') throw wrongType(context, 'viewOn', viewOn, 'string')
  if (viewOn === '') throw new CommandError(2, 'BadValue', "'viewOn' cannot be empty")
  if (pipeline !== undefined && pipeline !== null && !Array.isArray(pipeline))
    throw wrongType(context, 'pipeline', pipeline, 'array')
  const stages = (pipeline ?? []) as Document[]
  checkViewPipeline(context, stages, `${context.database}.${name}`)
  return {
    database: context.database,
    name,
    namespace: `${context.database}.${name}`,
    viewOn,
    pipeline: stages,
    collation: normalizeCollation(collation as Document | undefined),
  }
}

export function notOfView(option: string): CommandError {
  return new CommandError(72, 'InvalidOptions', `option not supported on a view: ${option}`)
}
