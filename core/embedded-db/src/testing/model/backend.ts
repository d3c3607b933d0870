import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import type { InProcess } from '../in-process.ts'
import type { Session } from './operations.ts'

/** What a sequence runs against. */
export interface Backend {
  /** The reply, errors included; with a session, a statement of its transaction, which the first statement starts. */
  command(database: string, body: Document, session?: Session): Promise<Document>
  end(session: 0 | 1, commit: boolean): Promise<Document>
  /** Resolves when a command that does not have to wait has surely been answered. */
  settle(): Promise<void>
}

interface OwnSession {
  lsid: { id: Binary }
  txnNumber: number
  open: boolean
}

let sessionsMade = 0

function newSession(): OwnSession {
  const id = Buffer.alloc(16)
  id.writeUInt32LE(++sessionsMade)
  return { lsid: { id: new Binary(id, Binary.SUBTYPE_UUID) }, txnNumber: 0, open: false }
}

/** The command dispatcher in this process, with the fields that a driver adds. */
export function inProcessBackend(database: InProcess): Backend {
  const sessions: OwnSession[] = [newSession(), newSession()]
  const fields = (session: OwnSession): Document => ({
    lsid: session.lsid,
    txnNumber: Long.fromNumber(session.txnNumber),
    autocommit: false,
  })
  return {
    command: async (name, body, of) => {
      const session = of === undefined ? undefined : sessions[of]
      if (!session) return database.command({ ...body, $db: name })
      const starts = session.open ? {} : { startTransaction: true }
      if (!session.open) session.txnNumber++
      session.open = true
      const reply = await database.command({ ...body, $db: name, ...fields(session), ...starts })
      if (reply.ok !== 1) session.open = false
      return reply
    },
    end: async (of, commit) => {
      const session = sessions[of] as OwnSession
      session.open = false
      return database.command({
        [commit ? 'commitTransaction' : 'abortTransaction']: 1,
        $db: 'admin',
        ...fields(session),
      })
    },
    settle: async () => {
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
