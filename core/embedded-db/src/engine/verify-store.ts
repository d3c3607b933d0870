import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import type { Reader } from '../store/store.ts'
import type { Catalogue } from './catalogue.ts'
import { openCollection } from './collection-record.ts'
import type { Engine } from './engine.ts'
import { Interrupt, Turns } from './interrupt.ts'
import { FIRST_TABLE, Table, tableRange } from './keyspace.ts'
import { timesTaken } from './oplog.ts'
import { checkStored, Findings, KeyOrder, verifyCollection } from './verify.ts'
import type { Verification } from './verify.ts'

export interface StoreReport {
  collections: ({ namespace: string } & Verification)[]
  views: number
  oplogEntries: number
  sessions: number
  /** Tables of dropped collections and unfinished builds, which the next start clears. */
  leftovers: number[]
  /** What is wrong outside collections: catalogue, oplog, sessions. */
  errors: string[]
}

/** Checks everything a store holds: the catalogue, each collection with its indexes, the oplog and the sessions. */
export async function verifyStore(engine: Engine, interrupt = new Interrupt(undefined)): Promise<StoreReport> {
  const findings = new Findings()
  const own = await checkOwnTables(engine, findings, interrupt)
  const collections: StoreReport['collections'] = []
  for (const namespace of [...engine.catalogue.collections.keys()]) {
    const collection = engine.catalogue.collections.get(namespace)
    if (!collection) continue
    const verification = await verifyCollection(engine.store, collection, interrupt)
    collections.push({ namespace, ...verification })
  }
  return { collections, ...own, errors: findings.all() }
}

/** Everything that a report says is wrong, each with its place. */
export function problemsOf(report: StoreReport): string[] {
  return [
    ...report.errors,
    ...report.collections.flatMap(({ namespace, errors }) => errors.map((error) => `${namespace}: ${error}`)),
  ]
}

async function checkOwnTables(engine: Engine, findings: Findings, interrupt: Interrupt) {
  const snapshot = engine.store.snapshot()
  try {
    return {
      views: checkCatalogue(snapshot, findings),
      leftovers: findLeftovers(engine.catalogue, snapshot),
      oplogEntries: await checkOplog(snapshot, findings, interrupt),
      sessions: await checkSessions(snapshot, findings, interrupt),
    }
  } finally {
    snapshot.release()
  }
}

function checkCatalogue(reader: Reader, findings: Findings): number {
  const owners = new Map<number, string>()
  let views = 0
  const claim = (table: number, owner: string): void => {
    const other = owners.get(table)
    if (other !== undefined) findings.add(`table ${table} belongs to ${other} and to ${owner}`)
    if (table < FIRST_TABLE) findings.add(`${owner} has table ${table}, which is the engine's own`)
    owners.set(table, owner)
  }
  for (const { key, value } of reader.range(tableRange(Table.catalogue))) {
    const name = key.toString('utf8', 4)
    const record = readable(value, `the catalogue's record of ${name}`, findings)
    if (!record) continue
    if (record.ns !== name) findings.add(`the catalogue has ${String(record.ns)} under the name ${name}`)
    if (record.type === 'view') views++
    else {
      try {
        const collection = openCollection(record)
        claim(collection.table, name)
        for (const index of collection.indexes) claim(index.table, `${name}, index ${index.name}`)
        if (collection.indexes[0]?.name !== '_id_') findings.add(`${name} has no _id index`)
      } catch (error) {
        findings.add(`the catalogue's record of ${name}: ${String(error)}`)
      }
    }
  }
  return views
}

function findLeftovers(catalogue: Catalogue, reader: Reader): number[] {
  const used = catalogue.tablesInUse()
  const leftovers: number[] = []
  const end = Buffer.from([0xff, 0xff, 0xff, 0xff])
  for (let table = FIRST_TABLE; ;) {
    let found: number | undefined
    for (const { key } of reader.range({ start: tableRange(table).start, end, keysOnly: true })) {
      found = key.readUInt32BE(0)
      break
    }
    if (found === undefined) return leftovers
    if (!used.has(found)) leftovers.push(found)
    table = found + 1
  }
}

async function checkOplog(reader: Reader, findings: Findings, interrupt: Interrupt): Promise<number> {
  const turns = new Turns(interrupt)
  let entries = 0
  let free = 0n
  for (const { key, value } of reader.range(tableRange(Table.oplog))) {
    const at = key.length === 12 ? key.readBigUInt64BE(4) : 0n
    const taken = operationsOf(value, `the oplog entry at ${at}`, findings)
    if (at === 0n || at < free) findings.add(`the oplog entry at ${at} is out of order`)
    free = at + BigInt(taken)
    entries++
    if (turns.over) await turns.next()
  }
  return entries
}

/** How many times the operations of an entry take. */
function operationsOf(value: Buffer, what: string, findings: Findings): number {
  const operations: unknown = readable(value, what, findings)?.operations
  if (Array.isArray(operations) && operations.length > 0)
    return timesTaken(
      operations.map(({ o, documents }: Document) => ({ kind: o as string, documents: documents as [] })),
    )
  findings.add(`${what} has no operations`)
  return 1
}

async function checkSessions(reader: Reader, findings: Findings, interrupt: Interrupt): Promise<number> {
  const turns = new Turns(interrupt)
  const order = new KeyOrder()
  let sessions = 0
  for (const { key, value } of reader.range(tableRange(Table.sessions))) {
    sessions++
    const name = key.toString('hex', 4)
    if (!order.holds(key)) findings.add(`session ${name} is out of order`)
    readable(value, `session ${name}`, findings)
    if (turns.over) await turns.next()
  }
  return sessions
}

function readable(value: Buffer, what: string, findings: Findings): Document | undefined {
  try {
    checkStored(value)
    return decode(value)
  } catch (error) {
    findings.add(`${what}: ${String(error)}`)
    return undefined
  }
}
