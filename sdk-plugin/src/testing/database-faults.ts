import type { Connection } from 'mongoose'

/** What goes wrong with commands to the database. */
export interface DatabaseFault {
  /** Which commands, for example `['find', 'insert']`. */
  readonly commands: readonly string[]
  /** How many of them; every one until `restore` when left out. */
  readonly times?: number
  /** MongoDB's error code; 11601 (interrupted), which no driver repeats by itself, when left out. `disconnect` closes the connection instead of an answer. */
  readonly error?: number | 'disconnect'
}

/** Faults of the database, made by the server itself, so that driver and mongoose behave as in production. */
export interface DatabaseFaults {
  /** @throws Error without a database, or when the server does not take faults: it must run with `enableTestCommands` */
  fail(fault: DatabaseFault): Promise<void>
  /** As it is. */
  restore(): Promise<void>
}

const interrupted = 11_601

/**
 * @param core connection to the server; undefined for a test host without a database
 * @param appName by which the server knows the commands of this host: others may use the same server
 */
export function createDatabaseFaults(core: Connection | undefined, appName?: string): DatabaseFaults {
  let failing = false
  const configure = async (mode: unknown, data?: object) => {
    if (!core)
      throw new Error('This test host has no database that could fail: give it one with the option `database`.')
    await core
      .getClient()
      .db('admin')
      .command({ configureFailPoint: 'failCommand', mode, ...(data && { data }) })
  }
  return {
    async fail({ commands, times, error = interrupted }) {
      const how = error === 'disconnect' ? { closeConnection: true } : { errorCode: error }
      await configure(times === undefined ? 'alwaysOn' : { times }, {
        failCommands: [...commands],
        ...(appName !== undefined && { appName }),
        ...how,
      })
      failing = true
    },
    async restore() {
      if (failing) await configure('off')
      failing = false
    },
  }
}
