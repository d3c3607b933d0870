import type { Connection } from 'mongoose'

const answerMs = 5_000

/**
 * Options of a question for which somebody waits whom no time limit of a route protects yet. A server that hangs held them for half a
 * minute: the driver (7.8) does not end a question to one by `timeoutMS`, but it does by a signal.
 */
export function answeredSoon(ms = answerMs): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(ms) }
}

/** The driver's collection of a mongoose connection. @throws Error when the connection is not open */
export function collectionOf<T extends object>(connection: Connection, name: string) {
  if (!connection.db) throw new Error(`The connection to "${connection.name}" is not open.`)
  return connection.db.collection<T>(name)
}
