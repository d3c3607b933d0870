import type { Document } from 'bson'
import { compilePipeline } from '../aggregate/index.ts'
import { ChangeSource } from '../engine/change-streams/change-source.ts'
import { parseWatch } from '../engine/change-streams/watch.ts'
import { CommandError } from '../errors.ts'
import { compileCollation } from '../values/collation.ts'
import { isObject } from '../values/types.ts'
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
])

export function opensChangeStream(pipeline: unknown): boolean {
  const first: unknown = Array.isArray(pipeline) ? pipeline[0] : undefined
  return isObject(first) && '$changeStream' in first
}

function notPermitted(stage: string): CommandError {
  return new CommandError(20, 'IllegalOperation', `${stage} is not permitted in a $changeStream pipeline`)
}

/** The stages without a $changeStreamSplitLargeEvent, which must be the last. */
function withoutSplit(stages: Document[]): { rest: Document[]; splits: boolean } {
  const at = stages.findIndex((stage) => '$changeStreamSplitLargeEvent' in stage)
  if (at < 0) return { rest: stages, splits: false }
  const spec: unknown = stages[at]?.$changeStreamSplitLargeEvent
  if (!isObject(spec) || Object.keys(spec).length > 0)
    throw new CommandError(7182800, 'Location7182800', '$changeStreamSplitLargeEvent spec should be an empty object')
  if (at !== stages.length - 1)
    throw new CommandError(
      7182802,
      'Location7182802',
      '$changeStreamSplitLargeEvent must be the last stage in the pipeline',
    )
  return { rest: stages.slice(0, -1), splits: true }
}

/** Opens a change stream: an aggregate whose first stage is $changeStream. */
export async function openChangeStream(
  context: CommandContext,
  name: string | undefined,
  stages: Document[],
  batchSize: number | undefined,
): Promise<Reply> {
  const level: unknown = (context.body.readConcern as Document | undefined)?.level
  if (level !== undefined && level !== 'majority')
    throw new CommandError(72, 'InvalidOptions', 'Only majority read concern is supported for change streams')
  const namespace = `${context.database}.${name ?? '$cmd.aggregate'}`
  if (context.engine.catalogue.views.has(namespace))
    throw new CommandError(166, 'CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)
  if (name !== undefined && context.engine.collection(namespace)?.timeField !== undefined)
    throw new CommandError(166, 'CommandNotSupportedOnView', `Namespace ${namespace} is a timeseries collection`)
  const { rest, splits } = withoutSplit(stages.slice(1))
  const compile = (): ReturnType<typeof compilePipeline> =>
    compilePipeline(rest, {
      ns: namespace,
      let: optionalDocument(context, 'let'),
      collation: compileCollation(optionalDocument(context, 'collation')),
      now: new Date(),
      clusterTime: context.engine.clock.now(),
      lookup: () => [],
    })
  const writes = rest.map((stage) => Object.keys(stage)[0] ?? '').find((name) => name === '$out' || name === '$merge')
  if (writes) throw notPermitted(writes)
  compile()
  for (const stage of rest) {
    const stageName = Object.keys(stage)[0] ?? ''
    if (!ALLOWED.has(stageName)) throw notPermitted(stageName)
  }
  const watch = { ...parseWatch(context.engine, stages[0]?.$changeStream, context.database, name), splits }
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
