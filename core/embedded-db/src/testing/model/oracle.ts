import { matches } from './match.ts'
import { OracleIndex } from './oracle-index.ts'
import { Refused, seedOf, updated } from './update.ts'
import { same } from './values.ts'
import type { Row } from './values.ts'

export const DUPLICATE_KEY = 11000
const WRITE_CONFLICT = 112

/** A write that has to wait for an open transaction. */
export class Waits extends Error {}

/** Rows by the order of their insertion. */
type Rows = Map<number, Row>

/** What a transaction sees and has changed. */
export interface OracleTransaction {
  readonly start: Rows
  readonly writes: Map<number, Row | undefined>
  readonly claims: Set<string>
}

/** One collection as the manual describes it: plain rows, searched from the first to the last. */
export class Oracle {
  private rows: Rows = new Map()
  indexes: OracleIndex[] = [new OracleIndex('_id_', { _id: 1 }, { unique: true })]
  readonly open = new Set<OracleTransaction>()
  /** Rows that were written since this was last cleared. */
  readonly touched = new Set<number>()
  private next = 1

  begin(): OracleTransaction {
    const transaction = { start: new Map(this.rows), writes: new Map(), claims: new Set<string>() }
    this.open.add(transaction)
    return transaction
  }

  commit(transaction: OracleTransaction): void {
    for (const [serial, row] of transaction.writes) {
      this.touched.add(serial)
      if (row) this.rows.set(serial, row)
      else this.rows.delete(serial)
    }
    this.rows = new Map([...this.rows].sort(([a], [b]) => a - b))
    this.open.delete(transaction)
  }

  abort(transaction: OracleTransaction): void {
    this.open.delete(transaction)
  }

  /** Every row that a transaction, or else anybody, sees, in the order of insertion. */
  seen(transaction?: OracleTransaction): [number, Row][] {
    if (!transaction) return [...this.rows]
    const all = new Map<number, Row | undefined>([...transaction.start, ...transaction.writes])
    return [...all].filter((entry): entry is [number, Row] => entry[1] !== undefined).sort(([a], [b]) => a - b)
  }

  find(filter: Row, transaction?: OracleTransaction): [number, Row][] {
    return this.seen(transaction).filter(([, row]) => matches(row, filter))
  }

  /** @throws Refused, or Waits before anything is changed */
  insert(row: Row, transaction?: OracleTransaction): void {
    const wanted = this.indexes.map((index) => ({ index, keys: index.keysOf(row) }))
    for (const { index, keys } of wanted) this.claimKeys(index, keys, transaction)
    this.put(this.next++, row, transaction)
  }

  /** Whether anything changed. @throws Refused, or Waits before anything is changed */
  change(serial: number, before: Row, after: Row, transaction?: OracleTransaction): boolean {
    if (!same(before._id, after._id)) throw new Refused(66)
    if (same(before, after)) return false
    this.claimRow(serial, transaction)
    const wanted = this.indexes.map((index) => ({
      index,
      keys: index.keysOf(after),
      had: new Set(index.keysOf(before)),
    }))
    for (const { index, keys, had } of wanted)
      this.claimKeys(
        index,
        keys.filter((key) => !had.has(key)),
        transaction,
      )
    this.put(serial, after, transaction)
    return true
  }

  remove(serial: number, transaction?: OracleTransaction): void {
    this.claimRow(serial, transaction)
    this.put(serial, undefined, transaction)
  }

  upserted(filter: Row, update: Row): Row {
    const row = updated(seedOf(filter), update, true)
    return { _id: row._id as Row[string], ...row }
  }

  /** @throws Refused when rows that are there do not fit */
  addIndex(index: OracleIndex): void {
    const taken = new Set<string>()
    for (const [, row] of this.rows) {
      for (const key of index.keysOf(row)) {
        if (index.unique && taken.has(key)) throw new Refused(DUPLICATE_KEY)
        taken.add(key)
      }
    }
    this.indexes.push(index)
  }

  clear(): void {
    this.rows.clear()
    this.indexes = this.indexes.slice(0, 1)
  }

  /** The same state to try something on. */
  copy(): Oracle {
    const copy = new Oracle()
    copy.rows = new Map(this.rows)
    copy.indexes = this.indexes
    copy.next = this.next
    for (const transaction of this.open) copy.open.add(transaction)
    return copy
  }

  /** Takes over what is stored, after a write that may stop half way. */
  adopt(rows: readonly Row[]): void {
    const left = [...rows]
    for (const [serial, row] of this.rows) {
      const now = left.find(({ _id }) => same(_id, row._id))
      if (!same(now, row)) this.touched.add(serial)
      if (now) this.rows.set(serial, now)
      else this.rows.delete(serial)
    }
  }

  private put(serial: number, row: Row | undefined, transaction: OracleTransaction | undefined): void {
    if (!transaction) this.touched.add(serial)
    if (transaction) transaction.writes.set(serial, row)
    else if (row) this.rows.set(serial, row)
    else this.rows.delete(serial)
  }

  private claimRow(serial: number, transaction: OracleTransaction | undefined): void {
    this.claim(`row ${serial}`, transaction)
    if (!transaction) return
    const then = transaction.start.get(serial)
    if (then ? !same(then, this.rows.get(serial)) : this.rows.has(serial)) throw new Refused(WRITE_CONFLICT)
  }

  private claimKeys(index: OracleIndex, keys: readonly string[], transaction: OracleTransaction | undefined): void {
    if (!index.unique) return
    for (const key of keys) {
      if (index.ownerOf(key, this.seen(transaction)) !== undefined) throw new Refused(DUPLICATE_KEY)
      this.claim(`key ${index.name} ${key}`, transaction)
      if (transaction && index.ownerOf(key, [...transaction.start]) !== index.ownerOf(key, [...this.rows]))
        throw new Refused(WRITE_CONFLICT)
    }
  }

  private claim(name: string, transaction: OracleTransaction | undefined): void {
    for (const other of this.open) {
      if (other === transaction || !other.claims.has(name)) continue
      if (transaction) throw new Refused(WRITE_CONFLICT)
      throw new Waits()
    }
    transaction?.claims.add(name)
  }
}
