import type { Entry, Range, Reader } from './store.ts'

const TABLE_BYTES = 4

interface Change {
  key: Buffer
  /** Undefined for a removal. */
  value: Uint8Array | undefined
}

/** One table's uncommitted entries, sorted when they are first read in order. */
interface TableOverlay {
  changes: Map<string, Change>
  sorted: Buffer[] | undefined
  weight: Weight
}

/** What was set so far, and the bytes of its keys and values; what was set twice counts twice. */
interface Weight {
  entries: number
  bytes: number
}

/** Uncommitted puts and removals over a snapshot: reads see both, in key order. */
export class Overlay implements Reader {
  private readonly base: Reader
  private readonly tables = new Map<number, TableOverlay>()

  constructor(base: Reader) {
    this.base = base
  }

  get(key: Buffer): Buffer | undefined {
    const table = this.tables.get(key.readUInt32BE(0))
    const change = table?.changes.get(key.toString('latin1'))
    if (!change) return this.base.get(key)
    const { value } = change
    return value && (Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength))
  }

  /** Neither key nor value may change afterwards. */
  set(key: Buffer, value: Uint8Array | undefined): void {
    const number = key.readUInt32BE(0)
    let table = this.tables.get(number)
    if (!table)
      this.tables.set(number, (table = { changes: new Map(), sorted: undefined, weight: { entries: 0, bytes: 0 } }))
    const name = key.toString('latin1')
    if (table.sorted && !table.changes.has(name)) insertSorted(table.sorted, key)
    table.changes.set(name, { key, value })
    table.weight.entries += 1
    table.weight.bytes += key.length + (value?.length ?? 0)
  }

  get weight(): Weight {
    const sum = { entries: 0, bytes: 0 }
    for (const { weight } of this.tables.values()) {
      sum.entries += weight.entries
      sum.bytes += weight.bytes
    }
    return sum
  }

  /** Takes over what another one holds, which may not be used afterwards: whole tables where this one has none of them yet. */
  adopt(other: Overlay): void {
    for (const [number, theirs] of other.tables) {
      const own = this.tables.get(number)
      if (!own) this.tables.set(number, theirs)
      else for (const { key, value } of theirs.changes.values()) this.set(key, value)
    }
  }

  get empty(): boolean {
    return this.tables.size === 0
  }

  *range(range: Range): Generator<Entry> {
    const own = this.ownKeys(range)
    if (own.length === 0) {
      yield* this.base.range(range)
      return
    }
    const sign = range.reverse ? -1 : 1
    let next = 0
    for (const entry of this.base.range(range)) {
      while (next < own.length && sign * Buffer.compare(own[next] as Buffer, entry.key) < 0)
        yield* this.own(own[next++] as Buffer)
      if (next < own.length && (own[next] as Buffer).equals(entry.key)) yield* this.own(own[next++] as Buffer)
      else yield entry
    }
    while (next < own.length) yield* this.own(own[next++] as Buffer)
  }

  count(start: Buffer, end: Buffer): number {
    let count = 0
    for (const entry of this.range({ start, end, keysOnly: true })) count += entry.key.length > 0 ? 1 : 0
    return count
  }

  /** Every change, for the commit. */
  *changes(): Generator<Change> {
    for (const { changes } of this.tables.values()) yield* changes.values()
  }

  private *own(key: Buffer): Generator<Entry> {
    const value = this.get(key)
    if (value !== undefined) yield { key, value }
  }

  private ownKeys({ start, end, reverse }: Range): Buffer[] {
    if (start.length < TABLE_BYTES) return []
    const table = this.tables.get(start.readUInt32BE(0))
    if (!table) return []
    table.sorted ??= Array.from(table.changes.values(), (change) => change.key).sort((a, b) => Buffer.compare(a, b))
    const inside = table.sorted.slice(lowerBound(table.sorted, start), lowerBound(table.sorted, end))
    return reverse ? inside.reverse() : inside
  }
}

/** Where the first key not below `key` is, or would be. */
function lowerBound(sorted: readonly Buffer[], key: Buffer): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (Buffer.compare(sorted[middle] as Buffer, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function insertSorted(sorted: Buffer[], key: Buffer): void {
  sorted.splice(lowerBound(sorted, key), 0, key)
}
