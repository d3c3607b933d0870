import type { Db } from 'mongodb'
import type { Change } from './watcher.ts'
import { collectionsOf, type Told } from './told.ts'

const missing = <T>(wanted: Iterable<T>, found: ReadonlySet<T>): T[] => [...wanted].filter((one) => !found.has(one))
const consecutive = (numbers: readonly unknown[]): boolean => numbers.every((number, i) => number === i + 1)
const sorted = (list: Iterable<string>): string[] => [...list].sort()

/** Acknowledged equals stored: each insert and delete once, counters exact, transactions all or nothing. */
export async function checkStored(db: Db, told: Told): Promise<{ events: number; transfers: number }> {
  const { events, counters, accounts, ledger } = collectionsOf(db)
  // By the records themselves, not by an index that could hide one.
  const rows = await events.find({}).hint({ $natural: 1 }).toArray()
  const ids = rows.map((row) => row._id)
  const stored = new Set(ids)
  expect(ids).toHaveLength(stored.size)
  expect(missing(told.inserted, stored).filter((id) => !told.deleting.has(id))).toEqual([])
  expect([...told.deleted].filter((id) => stored.has(id))).toEqual([])
  expect(missing(stored, told.sent)).toEqual([])
  // Each $push of a bulk once, or the bulk not whole: never twice.
  expect(rows.filter((row) => row.tags.length > 4)).toEqual([])

  const byId = new Map((await counters.find({}).toArray()).map((counter) => [counter._id, counter]))
  expect(told.own.map((_, writer) => byId.get(writer)?.n)).toEqual(told.own)
  const shared = byId.get('shared')
  expect(told.shared.map((_, writer) => shared?.by?.[writer] ?? 0)).toEqual(told.shared)
  expect(shared?.n).toBe(told.shared.reduce((sum, n) => sum + n, 0))

  const transfers = await ledger.find({}).hint({ $natural: 1 }).toArray()
  const transferred = new Set(transfers.map(({ _id }) => _id))
  expect(transfers).toHaveLength(transferred.size)
  expect(missing(told.transfers, transferred)).toEqual([])
  expect([...told.aborted].filter((id) => transferred.has(id))).toEqual([])
  for (const { _id, balance, moves } of await accounts.find({}).toArray()) {
    const out = transfers.filter(({ from }) => from === _id).length
    const back = transfers.filter(({ to }) => to === _id).length
    expect({ account: _id, balance, moves }).toEqual({ account: _id, balance: back - out, moves: out + back })
  }
  return { events: stored.size, transfers: transfers.length }
}

/** Every index agrees with its collection. */
export async function checkIndexes(db: Db): Promise<void> {
  for (const name of Object.keys(collectionsOf(db)))
    expect({ name, ...(await db.command({ validate: name })) }).toMatchObject({ name, valid: true, errors: [] })
}

/** A stream told each change once, in order, and none that is not stored. */
export async function checkChanges(db: Db, told: Told, changes: readonly Change[]): Promise<void> {
  const { events, ledger, counters, accounts } = collectionsOf(db)
  const of = (collection: string, kind: string): Change[] =>
    changes.filter((change) => change.collection === collection && change.kind === kind)
  const inserted = of('events', 'insert').map(({ id }) => String(id))
  const deleted = of('events', 'delete').map(({ id }) => String(id))
  expect(inserted).toHaveLength(new Set(inserted).size)
  expect(deleted).toHaveLength(new Set(deleted).size)
  expect(missing(told.inserted, new Set(inserted))).toEqual([])
  expect(missing(told.deleted, new Set(deleted))).toEqual([])
  const left = new Set(inserted)
  for (const id of deleted) left.delete(id)
  const stored = await events
    .find({})
    .map(({ _id }) => _id)
    .toArray()
  expect(sorted(left)).toEqual(sorted(stored))

  for (const { _id, n } of await counters.find({}).toArray()) {
    const steps = of('counters', 'update')
      .filter(({ id }) => id === _id)
      .map(({ fields }) => fields?.n as unknown)
    expect({ counter: _id, steps: steps.length, consecutive: consecutive(steps) }).toEqual({
      counter: _id,
      steps: n,
      consecutive: true,
    })
  }
  const transfers = of('ledger', 'insert')
  expect(sorted(transfers.map(({ id }) => String(id)))).toEqual(
    sorted(
      await ledger
        .find({})
        .map(({ _id }) => _id)
        .toArray(),
    ),
  )
  for (const { _id, moves } of await accounts.find({}).toArray()) {
    const steps = of('accounts', 'update')
      .filter(({ id }) => id === _id)
      .map(({ fields }) => fields?.moves as unknown)
    expect({ account: _id, steps: steps.length, consecutive: consecutive(steps) }).toEqual({
      account: _id,
      steps: moves,
      consecutive: true,
    })
  }
  const transactional = changes.filter(({ transaction }) => transaction !== undefined)
  expect(transactional).toHaveLength(transfers.length * 3)
  // The three changes of a transfer follow one another under one transaction.
  for (let at = 0; at < transactional.length; at += 3)
    expect(new Set(transactional.slice(at, at + 3).map(({ transaction }) => transaction)).size).toBe(1)
}
