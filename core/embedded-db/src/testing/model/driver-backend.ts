import type { Document } from 'bson'
import { MongoServerError } from 'mongodb'
import type { ClientSession, MongoClient } from 'mongodb'
import type { Backend } from './backend.ts'

/** The unmodified driver, which makes sessions and transactions its own way; the server may be any. */
export function driverBackend(client: MongoClient): Backend & { close(): Promise<void> } {
  const sessions: ClientSession[] = [client.startSession(), client.startSession()]
  return {
    command: async (name, body, of) => {
      const session = of === undefined ? undefined : sessions[of]
      if (session && !session.inTransaction()) session.startTransaction()
      const reply = await answered(() => client.db(name).command(body, session ? { session } : {}))
      if (session && reply.ok !== 1) await session.abortTransaction()
      return reply
    },
    end: (of, commit) =>
      answered(async () => {
        const session = sessions[of] as ClientSession
        await (commit ? session.commitTransaction() : session.abortTransaction())
        return { ok: 1 }
      }),
    settle: () => new Promise((resolve) => setTimeout(resolve, 30)),
    close: async () => {
      for (const session of sessions) await session.endSession()
    },
  }
}

/** Errors of the server as the replies they were. */
async function answered(action: () => Promise<Document>): Promise<Document> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error
    return { ...error.errorResponse, ok: 0, code: error.code, errorLabels: error.errorLabels }
  }
}
