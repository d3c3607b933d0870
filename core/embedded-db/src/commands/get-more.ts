import { Long } from 'bson'
import { CommandError, during } from '../errors.ts'
import type { Interrupt } from '../engine/interrupt.ts'
import type { BatchSource } from '../engine/query/batch.ts'
import { ReplyBatch } from '../engine/query/batch.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { collectionName, optionalCount, optionalNumber } from './arguments.ts'
import type { Command } from './command.ts'
import { streamError } from './error-labels.ts'

/** How long a change stream or a tailable cursor waits for something when the client names no time. */
const DEFAULT_WAIT_MS = 1000

function cursorId(value: unknown): Long {
  if (!isNumeric(value))
    throw new CommandError(14, 'TypeMismatch', `BSON field 'getMore.getMore' is the wrong type, expected type 'long'`)
  return value instanceof Long ? value : Long.fromNumber(toNumber(value))
}

async function filled(source: BatchSource, batch: ReplyBatch, interrupt: Interrupt): Promise<boolean> {
  try {
    return await source.fill(batch, interrupt)
  } catch (error) {
    throw during('Executor error during getMore', error)
  }
}

export const getMore: Command = {
  name: 'getMore',
  fields: [
    'getMore',
    'collection',
    'batchSize',
    'maxTimeMS',
    'term',
    'lastKnownCommittedOpTime',
    'includeQueryStatsMetrics',
  ],
  transactional: true,
  async run(context) {
    const namespace = `${context.database}.${collectionName(context, 'collection')}`
    const id = cursorId(context.body.getMore)
    const cursors = context.server.cursors
    const cursor = cursors.get(id, namespace)
    if (cursor.session !== undefined && cursor.session !== context.session?.name) {
      throw new CommandError(
        50738,
        'Location50738',
        `Cannot run getMore on cursor ${id.toString()}, which was created in session ${cursor.session}, without an lsid`,
      )
    }
    if (cursor.transaction !== undefined && cursor.transaction !== context.session?.transaction) {
      throw new CommandError(
        50741,
        'Location50741',
        `Cannot run getMore on cursor ${id.toString()}, which was created in a transaction, outside of it`,
      )
    }
    if (cursor.busy) throw new CommandError(50736, 'CursorInUse', `cursor id ${id.toString()} is already in use`)
    const waitMs = optionalNumber(context, 'maxTimeMS')
    if (waitMs !== undefined && !cursor.awaitData)
      throw new CommandError(2, 'BadValue', 'cannot set maxTimeMS on getMore command for a non-awaitData cursor')
    cursor.busy = context.interrupt
    context.interrupt.limit(cursor.timeLeft)
    const batchSize = optionalCount(context, 'batchSize')
    const batch = new ReplyBatch(
      batchSize === undefined || batchSize === 0 ? Number.POSITIVE_INFINITY : batchSize,
      cursor.awaitData ? (waitMs ?? DEFAULT_WAIT_MS) : 0,
    )
    let exhausted: boolean
    try {
      context.server.failPoints.failGetMore()
      if (cursor.timeLeft < Number.POSITIVE_INFINITY) context.server.failPoints.timeOut()
      exhausted = await filled(cursor.source, batch, context.interrupt)
    } catch (error) {
      cursor.busy = undefined
      cursors.close(id)
      throw cursor.resumeToken ? streamError(error) : error
    }
    cursor.busy = undefined
    cursor.lastUsed = performance.now()
    cursor.timeLeft = context.interrupt.timeLeft
    const resumeToken = cursor.resumeToken?.()
    if (exhausted) cursors.close(id)
    return {
      cursor: {
        nextBatch: batch.finish(),
        postBatchResumeToken: resumeToken,
        id: exhausted ? Long.ZERO : id,
        ns: namespace,
      },
    }
  },
}
