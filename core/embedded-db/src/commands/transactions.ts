import { CommandError } from '../errors.ts'
import { Long } from 'bson'
import { saveSession } from '../engine/stored-session.ts'
import type { Session } from '../engine/sessions.ts'
import type { Transaction } from '../engine/transaction.ts'
import type { Command, CommandContext } from './command.ts'
import { noSuchTransaction } from './session-state.ts'

function sessionOf(context: CommandContext): Session {
  if (!context.session || !context.inTransaction)
    throw new CommandError(125, 'CommandFailed', 'Transaction isn’t in progress')
  return context.session
}

/** Stores the transaction with the note that it is committed, and ends it either way. */
async function finish(context: CommandContext, session: Session, transaction: Transaction): Promise<void> {
  try {
    if (transaction.dirty) {
      const origin = { lsid: session.lsid, txnNumber: Long.fromBigInt(session.txnNumber) }
      await transaction.prepare(origin, context.interrupt)
      await context.engine.write((write) => {
        transaction.commit(write, (writer) => saveSession(writer, session, 'committed'))
      }, context.interrupt)
    }
    session.state = 'committed'
  } catch (error) {
    session.state = 'aborted'
    throw error
  } finally {
    transaction.end()
    session.transaction = undefined
    session.ending = undefined
  }
}

export const commitTransaction: Command = {
  name: 'commitTransaction',
  fields: ['commitTransaction', 'recoveryToken'],
  adminOnly: true,
  async run(context) {
    const session = sessionOf(context)
    await session.ending?.catch(() => undefined)
    if (session.state === 'committed') return {}
    const { transaction } = session
    if (session.state !== 'open' || !transaction) throw noSuchTransaction(session)
    await (session.ending = finish(context, session, transaction))
    return {}
  },
}

export const abortTransaction: Command = {
  name: 'abortTransaction',
  fields: ['abortTransaction', 'recoveryToken'],
  adminOnly: true,
  run(context) {
    const session = sessionOf(context)
    if (session.state === 'committed')
      throw new CommandError(
        256,
        'TransactionCommitted',
        `Transaction with { txnNumber: ${session.txnNumber} } has been committed.`,
      )
    if (session.state !== 'open') throw noSuchTransaction(session)
    context.server.sessions.end([session.name])
    return {}
  },
}
