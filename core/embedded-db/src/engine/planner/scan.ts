import { CommandError } from '../../errors.ts'
import { successor } from '../../keys/ranges.ts'
import type { KeyRange } from '../../keys/ranges.ts'
import { REMOVED } from '../../store/store.ts'
import type { Entry, Reader } from '../../store/store.ts'
import type { Collection, Hit } from '../collection.ts'
import { collectionGone } from '../collection-gone.ts'
import { recordKey, recordOfKey, tableRange } from '../keyspace.ts'
import type { Ranges } from './key-ranges.ts'
import type { IndexScan, Plan } from './plan.ts'

/** Keys without a document that are passed over, one after the other, before others have their turn. */
const MOST_PASSED = 1024
/** As many of them are passed over while one range is looked for. */
const RANGE = 8

/**
 * Reads the documents of a plan, and can be left and taken up again: between two runs it keeps only the last key, so a
 * cursor that waits for its client holds no snapshot of the store.
 */
export class Scan {
  done = false
  keysExamined = 0
  documentsExamined = 0
  private readonly collection: Collection
  /** As it was named then. */
  private readonly namespace: string
  private readonly steps: { ranges: Ranges; scan: IndexScan | undefined; reverse: boolean }[]
  private step = 0
  private range = 0
  private lastKey: Buffer | undefined
  private readonly seen: Set<number> | undefined

  constructor(collection: Collection, plan: Plan) {
    this.collection = collection
    this.namespace = collection.namespace
    if (plan.stage === 'COLLSCAN')
      this.steps = [{ ranges: [tableRange(collection.table)], scan: undefined, reverse: plan.reverse }]
    else if (plan.stage === 'EOF') this.steps = []
    else {
      const scans = plan.stage === 'OR' ? plan.branches : [plan]
      for (const { index } of scans) index.uses++
      this.steps = scans.map((scan) => ({ ranges: scan.ranges, scan, reverse: scan.reverse }))
    }
    this.seen = plan.stage === 'OR' || (plan.stage === 'IXSCAN' && plan.repeats) ? new Set() : undefined
  }

  /**
   * The documents that follow those already given. Leave it only after the last value was used. It also ends, with `done`
   * unset, where many keys in a row have no document: a transaction removed them, or they belong to documents given before.
   * @param lent the bytes of a hit may be lost when the next is taken
   * @throws CommandError 175 when the collection or the index has been dropped, or the collection renamed, meanwhile
   */
  *resume(reader: Reader, lent = false): Generator<Hit> {
    this.checkDropped()
    let passed = 0
    for (; this.step < this.steps.length; this.step++, this.range = 0) {
      const { ranges, scan, reverse } = this.steps[this.step] as (typeof this.steps)[number]
      for (; this.range < ranges.length; this.range++, this.lastKey = undefined) {
        if ((passed += RANGE) > MOST_PASSED) return
        const next = ranges.at(reverse && scan ? -1 - this.range : this.range) as KeyRange
        const { start, end } = this.remaining(next, reverse)
        const entries = scan
          ? this.entries(reader, scan.index.unique, start, end, reverse)
          : reader.range({ start, end, reverse, lent, removed: true })
        for (const entry of entries) {
          this.lastKey = entry.key
          const hit = entry.value === REMOVED ? undefined : this.hitOf(reader, entry, scan)
          if (hit) {
            passed = 0
            this.documentsExamined++
            yield hit
          } else if (++passed > MOST_PASSED) return
        }
      }
    }
    this.done = true
  }

  private checkDropped(): void {
    const { dropped, namespace, indexes } = this.collection
    if (dropped || namespace !== this.namespace) throw collectionGone(this.collection, this.namespace)
    const lost = this.steps
      .slice(this.step)
      .find(({ scan }) => scan && !indexes.some(({ table }) => table === scan.index.table))
    if (lost)
      throw new CommandError(
        175,
        'QueryPlanKilled',
        `query plan killed :: caused by :: index '${lost.scan?.index.name}' dropped`,
      )
  }

  private remaining(range: KeyRange, reverse: boolean): KeyRange {
    if (!this.lastKey) return range
    return reverse ? { start: range.start, end: this.lastKey } : { start: successor(this.lastKey), end: range.end }
  }

  private hitOf(reader: Reader, { key, value }: Entry, scan: IndexScan | undefined): Hit | undefined {
    if (!scan) return { record: recordOfKey(key), bytes: value }
    this.keysExamined++
    const record = recordOfKey(scan.index.unique ? value : key)
    if (this.seen) {
      if (this.seen.has(record)) return undefined
      this.seen.add(record)
    }
    const bytes = reader.get(recordKey(this.collection.table, record))
    return bytes && { record, bytes }
  }

  /** A whole unique key needs no cursor. */
  private entries(reader: Reader, unique: boolean, start: Buffer, end: Buffer, reverse: boolean): Iterable<Entry> {
    if (unique && !this.lastKey) {
      const value = reader.get(start)
      // Keys are free of prefixes: where the first key of a range is stored whole, nothing else lies in a point's range.
      if (value && this.isPoint(start, end)) return [{ key: start, value }]
    }
    return reader.range({ start, end, reverse, keysOnly: !unique, removed: true })
  }

  private isPoint(start: Buffer, end: Buffer): boolean {
    return (
      start.length === end.length &&
      start.subarray(0, -1).equals(end.subarray(0, -1)) &&
      end[end.length - 1] === (start[start.length - 1] as number) + 1
    )
  }
}
