import type { RangeOptions, RootDatabase, Transaction } from 'lmdb'
import { lend } from './binary-codec.ts'
import type { Entry, Range, Reader, Snapshot } from './store.ts'

const EMPTY = Buffer.alloc(0)

/** Reads what is committed, or what one transaction sees. */
export class LmdbReader implements Reader {
  protected readonly db: RootDatabase<Buffer, Buffer>
  protected readonly transaction: Transaction | undefined

  constructor(db: RootDatabase<Buffer, Buffer>, transaction?: Transaction) {
    this.db = db
    this.transaction = transaction
  }

  get(key: Buffer): Buffer | undefined {
    return this.transaction ? this.db.get(key, { transaction: this.transaction }) : this.db.get(key)
  }

  *range({ start, end, reverse = false, keysOnly = false, lent = false }: Range): Iterable<Entry> {
    const options: RangeOptions = reverse
      ? { start: end, end: start, reverse: true, inclusiveEnd: true }
      : { start, end }
    if (this.transaction) options.transaction = this.transaction
    if (keysOnly) {
      for (const key of this.db.getKeys(options)) {
        if (reverse && Buffer.compare(key, end) >= 0) continue
        yield { key, value: EMPTY }
      }
      return
    }
    const entries = this.db.getRange(options)[Symbol.iterator]()
    try {
      for (let next = entries.next(); !next.done; next = lent ? lend(entries) : entries.next())
        if (!reverse || Buffer.compare(next.value.key, end) < 0) yield next.value
    } finally {
      entries.return?.()
    }
  }

  count(start: Buffer, end: Buffer): number {
    const options: RangeOptions = { start, end }
    if (this.transaction) options.transaction = this.transaction
    return this.db.getKeysCount(options)
  }

  keyAt(start: Buffer, end: Buffer, entries: number): Buffer | undefined {
    const options: RangeOptions = { start, end, offset: entries, limit: 1 }
    if (this.transaction) options.transaction = this.transaction
    for (const key of this.db.getKeys(options)) return key
    return undefined
  }
}

export class LmdbSnapshot extends LmdbReader implements Snapshot {
  private released = false

  release(): void {
    if (this.released) return
    this.released = true
    this.transaction?.done()
  }
}
