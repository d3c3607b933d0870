import { SortedKeys } from './sorted-keys.ts'
import { REMOVED } from './store.ts'
import type { Entry, Range, Reader } from './store.ts'

const TABLE_BYTES = 4
/** From so many keys on they are kept in order, as to sort them when they are read would take too long at once. */
const SORTED_FROM = 4096

export interface Change {
  key: Buffer
  /** Undefined for a removal. */
  value: Uint8Array | undefined
}

/** One table's uncommitted entries, sorted when they are first read in order or are many. */
interface TableOverlay {
  changes: Map<string, Change>
  sorted: SortedKeys | undefined
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
  private readonly sortedFrom: number

  /** @param sortedFrom Infinity for one that is hardly read in order once it holds many keys: to keep them so costs more than all else */
  constructor(base: Reader, sortedFrom = SORTED_FROM) {
    this.base = base
    this.sortedFrom = sortedFrom
  }

  get(key: Buffer): Buffer | undefined {
    const table = this.tables.get(key.readUInt32BE(0))
    const change = table?.changes.get(key.toString('latin1'))
    if (!change) return this.base.get(key)
    return change.value && asBuffer(change.value)
  }

  /** Neither key nor value may change afterwards. */
  set(key: Buffer, value: Uint8Array | undefined): void {
    const number = key.readUInt32BE(0)
    let table = this.tables.get(number)
    if (!table)
      this.tables.set(number, (table = { changes: new Map(), sorted: undefined, weight: { entries: 0, bytes: 0 } }))
    const name = key.toString('latin1')
    if (table.sorted && !table.changes.has(name)) table.sorted.add(name)
    table.changes.set(name, { key, value })
    if (!table.sorted && table.changes.size >= this.sortedFrom) table.sorted = new SortedKeys(table.changes.keys())
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

  /** Takes over what another one holds, which may not be used afterwards: whole tables, unless this one has more of them. */
  adopt(other: Overlay): void {
    for (const [number, theirs] of other.tables) {
      const own = this.tables.get(number)
      if (own && own.changes.size > theirs.changes.size)
        for (const { key, value } of theirs.changes.values()) this.set(key, value)
      else {
        this.tables.set(number, theirs)
        for (const [name, { key, value }] of own?.changes ?? []) if (!theirs.changes.has(name)) this.set(key, value)
      }
    }
  }

  get empty(): boolean {
    return this.tables.size === 0
  }

  *range(range: Range): Generator<Entry> {
    const own = this.ownChanges(range)
    let next = own.next()
    if (next.done) {
      yield* this.base.range(range)
      return
    }
    const sign = range.reverse ? -1 : 1
    for (const entry of this.base.range(range)) {
      let order = -1
      while (!next.done && (order = sign * Buffer.compare(next.value.key, entry.key)) <= 0) {
        yield* present(next.value, range.removed)
        next = own.next()
        if (order === 0) break
      }
      if (order !== 0) yield entry
    }
    for (; !next.done; next = own.next()) yield* present(next.value, range.removed)
  }

  count(start: Buffer, end: Buffer): number {
    let count = 0
    for (const entry of this.range({ start, end, keysOnly: true })) count += entry.key.length > 0 ? 1 : 0
    return count
  }

  keyAt(start: Buffer, end: Buffer, entries: number): Buffer | undefined {
    let left = entries
    for (const { key } of this.range({ start, end, keysOnly: true })) if (left-- === 0) return key
    return undefined
  }

  /** Every change, for the commit. */
  *changes(): Generator<Change> {
    for (const { changes } of this.tables.values()) yield* changes.values()
  }

  private *ownChanges({ start, end, reverse = false }: Range): Generator<Change, void> {
    const table = start.length < TABLE_BYTES ? undefined : this.tables.get(start.readUInt32BE(0))
    if (!table) return
    table.sorted ??= new SortedKeys(table.changes.keys())
    for (const name of table.sorted.range(start.toString('latin1'), end.toString('latin1'), reverse))
      yield table.changes.get(name) as Change
  }
}

/** What a change leaves. */
function* present({ key, value }: Change, removed = false): Generator<Entry> {
  if (value) yield { key, value: asBuffer(value) }
  else if (removed) yield { key, value: REMOVED }
}

function asBuffer(value: Uint8Array): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}
