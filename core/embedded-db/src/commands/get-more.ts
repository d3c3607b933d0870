import { Long } from 'bson'
import { CommandError, during } from '../errors.ts'
import type { Interrupt } from '../engine/interrupt.ts'
import type { BatchSource } from '../engine/query/batch.ts'
import { ReplyBatch } from '../engine/query/batch.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { checkKind } from './kinds.ts'
import { collectionName, optionalCount, optionalNumber } from './arguments.ts'
import type { Cursor } from '../engine/cursors.ts'
import type { Command, CommandContext } from './command.ts'
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

/** Only where a cursor was opened may it be read. @throws CommandError 50736 to 50741 of another session or transaction */
function checkOwner({ session, inTransaction }: CommandContext, id: Long, cursor: Cursor): void {
  const refuse = (code: number, reason: string): never => {
    throw new CommandError(
      code,
      `Location${code}`,
      `Cannot run getMore on cursor ${id.toString()}, which was ${reason}`,
    )
  }
  if (session && cursor.session === undefined) refuse(50736, `not created in a session, in session ${session.name}`)
  if (!session && cursor.session !== undefined) refuse(50737, `created in session ${cursor.session}, without an lsid`)
  if (session && session.name !== cursor.session)
    refuse(50738, `created in session ${cursor.session}, in session ${session.name}`)
  const transaction = inTransaction ? session?.transaction : undefined
  if (transaction && !cursor.transaction) refuse(50739, 'not created in a transaction, in a transaction')
  if (!transaction && cursor.transaction) refuse(50740, 'created in a transaction, without a txnNumber')
  if (transaction !== cursor.transaction) refuse(50741, 'created in a transaction, in another transaction')
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
    const given: unknown = context.body.collection
    if (given === undefined)
      throw new CommandError(40414, 'Location40414', "BSON field 'getMore.collection' is missing but a required field")
    checkKind('getMore.collection', 'string', given)
    const namespace = `${context.database}.${collectionName(context, 'collection')}`
    const id = cursorId(context.body.getMore)
    const cursors = context.server.cursors
    const cursor = cursors.get(id, namespace)
    checkOwner(context, id, cursor)
    if (cursor.busy) throw new CommandError(12051, 'CursorInUse', `cursor id ${id.toString()} is already in use`)
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
    cursor.lastRead = new Date()
    cursor.documents += batch.count
    cursor.batches++
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
