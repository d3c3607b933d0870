import type { Connection } from 'mongoose'

/** The driver's collection of a mongoose connection. @throws Error when the connection is not open */
export function collectionOf<T extends object>(connection: Connection, name: string) {
  if (!connection.db) throw new Error(`The connection to "${connection.name}" is not open.`)
  return connection.db.collection<T>(name)
}
