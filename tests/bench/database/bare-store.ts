import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { open } from 'lmdb'
import type { RootDatabase } from 'lmdb'
import { BSON } from 'mongodb'
import { customer, idOf, phoneOf, REGIONS } from './documents.ts'

const RECORDS = 1
const IDS = 2
const PHONES = 3
const REGION_DATES = 4
const OPLOG = 5
const NUMBER_BYTES = 6
const NOTHING = Buffer.alloc(0)

function tableKey(table: number, ...parts: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(table)
  return Buffer.concat([head, ...parts])
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(NUMBER_BYTES)
  bytes.writeUIntBE(value, 0, NUMBER_BYTES)
  return bytes
}

function date(value: Date): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(-value.getTime())
  return bytes
}

/** One document as the engine keeps it: its record, an entry in each of three indexes, its bytes once more in the log. */
interface Entry {
  record: Buffer
  bytes: Buffer
  id: Buffer
  phone: Buffer
  region: Buffer
}

function entry(index: number): Entry {
  const document = customer(index)
  return {
    record: number(index),
    bytes: Buffer.from(BSON.serialize(document)),
    id: idOf(index).id as Buffer,
    phone: Buffer.from(phoneOf(index)),
    region: Buffer.concat([Buffer.from(document.region as string), date(document.createdAt as Date), number(index)]),
  }
}

/** LMDB with the engine's keys and values and nothing else: no wire, no BSON, no query language. */
export class BareStore {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'bare-store-'))
  private readonly db: RootDatabase<Buffer, Buffer>
  private readonly documents: number
  private next: number
  private logged = 0

  constructor(documents: number) {
    this.documents = this.next = documents
    this.db = open<Buffer, Buffer>({
      path: path.join(this.folder, 'data.mdb'),
      noSubdir: true,
      keyEncoding: 'binary',
      encoding: 'binary',
      overlappingSync: true,
      eventTurnBatching: false,
    })
    for (let i = 0; i < documents; i += 1000) this.commit(Array.from({ length: 1000 }, (_, k) => entry(i + k)))
  }

  private commit(entries: readonly Entry[]): void {
    this.db.transactionSync(() => this.put(entries))
  }

  private put(entries: readonly Entry[]): void {
    for (const { record, bytes, id, phone, region } of entries) {
      void this.db.put(tableKey(RECORDS, record), bytes)
      void this.db.put(tableKey(IDS, id), record)
      void this.db.put(tableKey(PHONES, phone), record)
      void this.db.put(tableKey(REGION_DATES, region), NOTHING)
    }
    void this.db.put(tableKey(OPLOG, number(this.logged++)), Buffer.concat(entries.map(({ bytes }) => bytes)))
  }

  /** Entries made beforehand, so that only the store is measured. */
  private prepare(count: number): Entry[] {
    return Array.from({ length: count }, () => entry(this.next++))
  }

  private any(): number {
    return Math.floor(Math.random() * this.documents)
  }

  private record(index: Buffer): Buffer | undefined {
    const found = this.db.get(index)
    return found && this.db.get(tableKey(RECORDS, found))
  }

  private update(): void {
    const found = this.db.get(tableKey(IDS, idOf(this.any()).id))
    const key = found && tableKey(RECORDS, found)
    const bytes = key && this.db.get(key)
    if (!key || !bytes) throw new Error('a document is missing')
    void this.db.put(key, bytes)
    void this.db.put(tableKey(OPLOG, number(this.logged++)), NOTHING)
  }

  private readSorted(): number {
    const start = tableKey(REGION_DATES, Buffer.from(`r${this.any() % REGIONS}`))
    let count = 0
    for (const key of this.db.getKeys({ start, limit: 20 }))
      count += this.db.get(tableKey(RECORDS, key.subarray(key.length - NUMBER_BYTES))) ? 1 : 0
    return count
  }

  private scan(): number {
    let bytes = 0
    for (const { value } of this.db.getRange({ start: tableKey(RECORDS), end: tableKey(RECORDS + 1) }))
      bytes += value.length
    return bytes
  }

  /** Operations each second of the store alone, where the row has a counterpart in it. */
  rate(row: string): number | undefined {
    switch (row) {
      case 'insertMany':
        return this.timedWrites(1000, 1000)
      case 'insertOne, 1 client':
        return this.timedWrites(1, 1)
      case 'insertOne, 32 clients':
        return this.timedWrites(32, 32)
      case 'audit':
        return this.timedWrites(32 * 4, 32)
      case 'findById, 1 client':
      case 'findById, 32 clients':
        return timed(() => this.record(tableKey(IDS, idOf(this.any()).id)))
      case 'findByPhone':
        return timed(() => this.record(tableKey(PHONES, Buffer.from(phoneOf(this.any())))))
      case 'findSorted':
        return timed(() => this.readSorted())
      case 'updateById, 1 client':
        return timed(() => this.db.transactionSync(() => this.update()))
      case 'updateById, 32 clients':
        return 32 * timed(() => this.db.transactionSync(() => times(32, () => this.update())))
      case 'bulkWrite':
        return timed(() => this.db.transactionSync(() => times(10, () => this.update())))
      case 'transaction':
        return this.timedWrites(1, 1, () => this.update())
      case 'group':
      case 'scan':
      case 'sort':
      case 'toArray':
      case 'countSome':
        return timed(() => this.scan())
      case 'countAll':
        return timed(() => this.db.getKeysCount({ start: tableKey(RECORDS), end: tableKey(RECORDS + 1) }))
      default:
        return undefined
    }
  }

  private timedWrites(documents: number, units: number, also?: () => void): number {
    const prepared: Entry[][] = []
    for (let left = 20_000; left > 0 && prepared.length < 1000; left -= documents)
      prepared.push(this.prepare(documents))
    const start = performance.now()
    let done = 0
    for (const entries of prepared) {
      this.db.transactionSync(() => {
        this.put(entries)
        also?.()
      })
      done += units
      if (performance.now() - start > 1000) break
    }
    return done / ((performance.now() - start) / 1000)
  }

  async close(): Promise<void> {
    await this.db.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function times(count: number, action: () => void): void {
  for (let i = 0; i < count; i++) action()
}

/** Runs for half a second. */
function timed(action: () => unknown): number {
  const start = performance.now()
  let done = 0
  do {
    action()
    done++
  } while (performance.now() - start < 500)
  return done / ((performance.now() - start) / 1000)
}
