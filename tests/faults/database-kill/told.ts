import type { Db } from 'mongodb'
import { MongoBulkWriteError, MongoServerError } from 'mongodb'

export const WRITERS = 8
export const ACCOUNTS = 8

/** What the writers were told, and what they sent. */
export class Told {
  readonly inserted = new Set<string>()
  readonly deleted = new Set<string>()
  /** Deletes that were sent, whatever the answer. */
  readonly deleting = new Set<string>()
  /** Every event that was sent, whatever the answer. */
  readonly sent = new Set<string>()
  readonly transfers = new Set<string>()
  /** Transactions that their own client gave up. */
  readonly aborted = new Set<string>()
  /** How often each writer's increments are known to be applied. */
  readonly own = Array.from({ length: WRITERS }, () => 0)
  readonly shared = Array.from({ length: WRITERS }, () => 0)
  /** Operations that were acknowledged. */
  acknowledged = 0
  /** Operations that failed twice, so that their outcome had to be looked up. */
  unsure = 0
}

export interface Counter {
  _id: number | string
  n: number
  by?: Record<string, number>
}
export interface Account {
  _id: number
  balance: number
  moves: number
}
export interface Transfer {
  _id: string
  from: number
  to: number
}
export interface Event {
  _id: string
  writer: number
  text: string
  tags: number[]
}

export function collectionsOf(db: Db) {
  return {
    events: db.collection<Event>('events'),
    counters: db.collection<Counter>('counters'),
    accounts: db.collection<Account>('accounts'),
    ledger: db.collection<Transfer>('ledger'),
  }
}
export type Collections = ReturnType<typeof collectionsOf>

/** The database before the first write: a collection made inside a transaction would start it again. */
export async function prepare(db: Db): Promise<void> {
  const { events, counters, accounts, ledger } = collectionsOf(db)
  await db.createCollection('ledger')
  await events.createIndexes([{ key: { writer: 1, text: -1 } }, { key: { tags: 1 } }])
  await ledger.createIndex({ from: 1, to: 1 })
  await counters.insertMany([
    ...Array.from({ length: WRITERS }, (_, writer) => ({ _id: writer, n: 0 })),
    { _id: 'shared', n: 0, by: {} },
  ])
  await accounts.createIndex({ balance: 1 })
  await accounts.insertMany(Array.from({ length: ACCOUNTS }, (_, id) => ({ _id: id, balance: 0, moves: 0 })))
}

/** Lets through what a dead server explains. @throws what it does not */
export function onlyOutage(error: unknown): void {
  // A bulk write hides the kind of an error that no server sent, which has no code.
  if (error instanceof MongoBulkWriteError && error.code === undefined) return
  const labels = ['RetryableWriteError', 'TransientTransactionError', 'ResumableChangeStreamError']
  if (error instanceof MongoServerError && !labels.some((label) => error.hasErrorLabel(label))) throw error
  // In a handshake the driver hands on the socket's own error.
  if (error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return
  if (!(error instanceof Error) || !/^Mongo(Network|ServerSelection|Server|PoolClear)/.test(error.name)) throw error
}
