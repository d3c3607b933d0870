import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import type { Session } from '../sessions.ts'
import { saveSession } from '../stored-session.ts'
import type { WriteContext } from '../write-context.ts'

/** The record of which statements of a retryable command are done, kept in the same commits as what they did. */
export interface StatementLog {
  /** The reply of a statement that an earlier attempt completed. */
  done(statement: number): Document | undefined
  /** The statements of this command that an earlier attempt had done. */
  readonly retried: readonly number[]
  /** Notes a statement's reply. */
  record(statement: number, reply: Document): void
  /** Stores what was noted, in the commit of the writes. */
  save(context: WriteContext): void
}

/** For commands that are not retryable. */
export const noStatementLog: StatementLog = {
  retried: [],
  done: () => undefined,
  record: () => undefined,
  save: () => undefined,
}

/** @throws CommandError 72 for a statement to many documents in a retryable command: sent again, it would be done twice */
export function refuseMany(log: StatementLog, many: 'multi=true' | 'limit=0'): void {
  if (log !== noStatementLog)
    throw new CommandError(72, 'InvalidOptions', `Cannot use (or request) retryable writes with ${many}`)
}

/** @param beforeWrite called before each statement that is not done yet; what it throws ends the statement */
export function sessionStatementLog(session: Session, beforeWrite: () => void): StatementLog {
  const retried: number[] = []
  return {
    retried,
    done(statement) {
      const reply = session.statements.get(statement)
      if (reply) retried.push(statement)
      else beforeWrite()
      return reply
    },
    record(statement, reply) {
      session.statements.set(statement, reply)
      session.unsaved.push(statement)
    },
    save(context) {
      if (session.unsaved.length > 0) saveSession(context, session)
    },
  }
}
