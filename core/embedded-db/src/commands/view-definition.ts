import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import type { View } from '../engine/collection.ts'
import { normalizeCollation } from '../values/collation.ts'
import type { CommandContext } from './command.ts'
import { checkViewPipeline } from './views.ts'

/** The view that a command defines. @throws CommandError for one that cannot be read from */
export function viewOf(context: CommandContext, name: string): View {
  const { viewOn, pipeline, collation } = context.body
  if (typeof viewOn !== 'string' || viewOn === '') throw new CommandError(2, 'BadValue', "'viewOn' cannot be empty")
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
