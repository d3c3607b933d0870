import { Long } from 'bson'
import { during } from '../errors.ts'
import type { Cursor, CursorOptions } from '../engine/cursors.ts'
import { firstBatch } from '../engine/cursors.ts'
import type { BatchSource } from '../engine/query/batch.ts'
import type { Reply } from '../wire/reply.ts'
import type { CommandContext } from './command.ts'

export interface OpenCursorOptions {
  batchSize: number | undefined
  singleBatch?: boolean
  noTimeout?: boolean
  awaitData?: boolean
  /** What the command does, for the errors of doing it. */
  activity?: string
  resumeToken?: Cursor['resumeToken']
}

/** The first batch of a source, with a cursor for the rest when there may be more. */
export async function replyWithCursor(
  context: CommandContext,
  namespace: string,
  source: BatchSource,
  options: OpenCursorOptions,
): Promise<Reply> {
  const batch = firstBatch(options.batchSize)
  let exhausted: boolean
  try {
    exhausted = await source.fill(batch, context.interrupt)
  } catch (error) {
    source.close()
    throw options.activity === undefined ? error : during(options.activity, error)
  }
  let id = Long.ZERO
  if (exhausted || options.singleBatch) source.close()
  else {
    const cursor: CursorOptions = {
      namespace,
      source,
      session: context.session?.name,
      transaction: context.inTransaction ? context.session?.transaction : undefined,
      noTimeout: options.noTimeout ?? false,
      timeLeft: options.awaitData ? Number.POSITIVE_INFINITY : context.interrupt.timeLeft,
      awaitData: options.awaitData ?? false,
      resumeToken: options.resumeToken,
      originalCommand: context.body,
      documents: batch.count,
    }
    id = context.server.cursors.add(cursor).id
  }
  return {
    cursor: {
      firstBatch: batch.finish(),
      postBatchResumeToken: options.resumeToken?.(),
      id,
      ns: namespace,
      atClusterTime: context.atClusterTime,
    },
  }
}
