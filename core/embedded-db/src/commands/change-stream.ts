import type { Document } from 'bson'
import { compilePipeline } from '../aggregate/index.ts'
import { ChangeSource } from '../engine/change-streams/change-source.ts'
import { parseWatch } from '../engine/change-streams/watch.ts'
import { CommandError } from '../errors.ts'
import { compileCollation } from '../values/collation.ts'
import type { Reply } from '../wire/reply.ts'
import { optionalDocument } from './arguments.ts'
import type { CommandContext } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'

const ALLOWED = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$redact',
  '$changeStreamSplitLargeEvent',
])

/** Opens a change stream: an aggregate whose first stage is $changeStream. */
export async function openChangeStream(
  context: CommandContext,
  name: string | undefined,
  stages: Document[],
  batchSize: number | undefined,
): Promise<Reply> {
  if (context.inTransaction)
    throw new CommandError(263, 'OperationNotSupportedInTransaction', '$changeStream cannot be used in a transaction')
  const level: unknown = (context.body.readConcern as Document | undefined)?.level
  if (level !== undefined && level !== 'majority')
    throw new CommandError(72, 'InvalidOptions', 'Only majority read concern is supported for change streams')
  const rest = stages.slice(1).filter((stage) => !('$changeStreamSplitLargeEvent' in stage))
  for (const stage of rest) {
    const stageName = Object.keys(stage)[0] ?? ''
    if (!ALLOWED.has(stageName))
      throw new CommandError(20, 'IllegalOperation', `Stage ${stageName} is not permitted in a $changeStream pipeline`)
  }
  const watch = parseWatch(context.engine, stages[0]?.$changeStream, context.database, name)
  const namespace = `${context.database}.${name ?? '$cmd.aggregate'}`
  const compile = (): ReturnType<typeof compilePipeline> =>
    compilePipeline(rest, {
      ns: namespace,
      let: optionalDocument(context, 'let'),
      collation: compileCollation(optionalDocument(context, 'collation')),
      now: new Date(),
      clusterTime: context.engine.clock.now(),
      lookup: () => [],
    })
  compile()
  const source = new ChangeSource(context.engine, watch, async (event) => {
    if (rest.length === 0) return event
    for await (const shown of compile().run([event])) return shown
    return undefined
  })
  return replyWithCursor(context, namespace, source, {
    batchSize,
    awaitData: true,
    noTimeout: false,
    resumeToken: () => source.resumeToken(),
  })
}
