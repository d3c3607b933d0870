import { decode } from '../bson/decode.ts'
import { checkDocument } from '../bson/walk.ts'
import { indexKeysOf } from '../keys/index-keys.ts'
import type { Reader, Snapshot, Store } from '../store/store.ts'
import type { Collection, Index } from './collection.ts'
import { storedTotals } from './catalogue.ts'
import type { Interrupt } from './interrupt.ts'
import { Turns } from './interrupt.ts'
import { entryKey, recordKey, recordOfKey, tableKey, tableRange } from './keyspace.ts'

/** As many disagreements of one collection are told apart; more are only counted. */
const ERRORS_TOLD = 100

export interface Verification {
  records: number
  invalidDocuments: number
  keysPerIndex: Record<string, number>
  errors: string[]
}

/** Gathers what is wrong, in bounded memory. */
export class Findings {
  readonly errors: string[] = []
  private untold = 0

  add(error: string): void {
    if (this.errors.length < ERRORS_TOLD) this.errors.push(error)
    else this.untold++
  }

  all(): string[] {
    return this.untold === 0 ? this.errors : [...this.errors, `and ${this.untold} more`]
  }
}

/** Refuses keys that do not ascend: a scan would miss what is behind them. */
export class KeyOrder {
  private previous: Buffer | undefined

  holds(key: Buffer): boolean {
    const ascends = this.previous === undefined || Buffer.compare(this.previous, key) < 0
    this.previous = Buffer.from(key)
    return ascends
  }
}

/** Compares every index with its collection, both ways, in one snapshot: each document's keys are there, and no others. */
export async function verifyCollection(
  store: Store,
  collection: Collection,
  interrupt: Interrupt,
): Promise<Verification> {
  const snapshot = store.snapshot()
  try {
    return await new CollectionCheck(snapshot, collection, interrupt).run()
  } finally {
    snapshot.release()
  }
}

class CollectionCheck {
  private readonly snapshot: Snapshot
  private readonly collection: Collection
  private readonly indexes: readonly Index[]
  private readonly expected = new Map<Index, number>()
  private readonly findings = new Findings()
  private readonly turns: Turns
  private records = 0
  private bytes = 0
  private invalid = 0

  constructor(snapshot: Snapshot, collection: Collection, interrupt: Interrupt) {
    this.snapshot = snapshot
    this.collection = collection
    this.indexes = collection.indexes.filter((index) => index.ready)
    this.turns = new Turns(interrupt)
  }

  async run(): Promise<Verification> {
    // A write between the snapshot and here has changed what memory holds, not what the snapshot shows.
    const totals = storedTotals(this.snapshot, this.collection.table)
    await this.readDocuments()
    const keysPerIndex: Record<string, number> = {}
    for (const index of this.indexes) keysPerIndex[index.name] = await this.readIndex(index)
    if (totals.count !== this.records)
      this.findings.add(`the stored count is ${totals.count}, the collection has ${this.records} documents`)
    if (totals.size !== this.bytes)
      this.findings.add(`the stored size is ${totals.size}, the documents take ${this.bytes} bytes`)
    return { records: this.records, invalidDocuments: this.invalid, keysPerIndex, errors: this.findings.all() }
  }

  private async readDocuments(): Promise<void> {
    const order = new KeyOrder()
    for (const { key, value } of this.snapshot.range(tableRange(this.collection.table))) {
      this.records++
      this.bytes += value.length
      if (!order.holds(key)) this.findings.add(`record ${recordOfKey(key)} is out of order`)
      this.checkRecord(recordOfKey(key), value)
      if (this.turns.over) await this.turns.next()
    }
  }

  private checkRecord(record: number, value: Buffer): void {
    try {
      checkStored(value)
      const document = decode(value)
      for (const index of this.indexes) {
        if (index.partial && !index.partial(document)) continue
        for (const key of indexKeysOf(document, index.pattern).keys) {
          this.expected.set(index, (this.expected.get(index) ?? 0) + 1)
          if (!hasEntry(this.snapshot, index, key, record))
            this.findings.add(`index ${index.name} lacks the key of record ${record}`)
        }
      }
    } catch (error) {
      this.invalid++
      this.findings.add(`record ${record}: ${String(error)}`)
    }
  }

  /** With every expected key found, an equal number means that there are no others. */
  private async readIndex(index: Index): Promise<number> {
    const order = new KeyOrder()
    /** A long document is read once for all of its keys. */
    const there = index.multikey.includes(true) ? new Set<number>() : undefined
    let keys = 0
    for (const { key, value } of this.snapshot.range(tableRange(index.table))) {
      keys++
      if (!order.holds(key)) this.findings.add(`index ${index.name} has a key out of order`)
      const record = recordOfKey(index.unique ? value : key)
      if (!there?.has(record)) {
        if (this.snapshot.get(recordKey(this.collection.table, record))) there?.add(record)
        else this.findings.add(`index ${index.name} points to record ${record}, which does not exist`)
      }
      if (this.turns.over) await this.turns.next()
    }
    const expected = this.expected.get(index) ?? 0
    if (keys !== expected)
      this.findings.add(`index ${index.name} has ${keys} keys where the documents give ${expected}`)
    return keys
  }
}

/** @throws Error when the bytes are not one whole document */
export function checkStored(bytes: Buffer): void {
  const end = checkDocument(bytes)
  if (end !== bytes.length) throw new Error(`${bytes.length - end} bytes follow the document`)
}

function hasEntry(reader: Reader, index: Index, key: Uint8Array, record: number): boolean {
  if (!index.unique) return reader.get(entryKey(index.table, key, record)) !== undefined
  const entry = reader.get(tableKey(index.table, key))
  return entry !== undefined && entry.length === 6 && recordOfKey(entry) === record
}
