import { decode } from '../../bson/decode.ts'
import { mapSliced } from '../../aggregate/pacer.ts'
import { slicedSort } from '../../aggregate/sliced-sort.ts'
import { copyOf } from '../../bson/raw.ts'
import type { RawDocument } from '../../bson/types.ts'
import { CommandError } from '../../errors.ts'
import type { RawProjection } from '../../projection/index.ts'
import type { Sorter } from '../../values/sort.ts'
import type { Collection, Hit } from '../collection.ts'
import type { Interrupt } from '../interrupt.ts'
import { Turns } from '../interrupt.ts'
import type { Plan } from '../planner/plan.ts'
import { Scan } from '../planner/scan.ts'
import type { Batch, BatchSource } from './batch.ts'
import type { Query } from './query.ts'
import type { ReadSource } from './read-source.ts'

/** Bytes that a sort may hold, as MongoDB's internalQueryMaxBlockingSortMemoryUsageBytes. */
const SORT_MEMORY = 100 * 1024 * 1024

export interface FindRequest {
  collection: Collection
  source: ReadSource
  query: Query
  plan: Plan
  sorter: Sorter | undefined
  sortFields: ReadonlySet<string> | undefined
  skip: number
  /** Infinity for none. */
  limit: number
  project: RawProjection | undefined
}

/** The documents of a find: filtered, sorted, skipped, limited and projected; bytes pass through when nothing changes them. */
export class FindSource implements BatchSource {
  readonly scan: Scan
  private readonly request: FindRequest
  private skip: number
  private left: number
  private held: RawDocument | undefined
  private sorted: RawDocument[] | undefined
  /** A scan lends its bytes; what is kept of them is copied. */
  private readonly lent: boolean

  constructor(request: FindRequest) {
    this.request = request
    this.scan = new Scan(request.collection, request.plan)
    this.lent = request.plan.stage === 'COLLSCAN'
    this.skip = request.skip
    this.left = request.limit
  }

  async fill(batch: Batch, interrupt: Interrupt): Promise<boolean> {
    if (this.held) {
      batch.add(this.held)
      this.held = undefined
    }
    if (this.request.sorter && !this.sorted) this.sorted = await this.sort(this.request.sorter, interrupt)
    return this.sorted ? this.fillSorted(batch, this.sorted, new Turns(interrupt)) : this.fillScanned(batch, interrupt)
  }

  close(): void {
    this.sorted = []
    this.left = 0
  }

  private async fillScanned(batch: Batch, interrupt: Interrupt): Promise<boolean> {
    const turns = new Turns(interrupt)
    while (this.left > 0 && !this.scan.done) {
      if (batch.full) return false
      for (const hit of this.scan.resume(this.request.source.reader, this.lent)) {
        if (this.take(hit, batch)) break
        if (turns.over) break
      }
      if (this.held) return false
      if (this.left > 0 && !this.scan.done && !batch.full) await turns.next()
    }
    return true
  }

  /** Adds the document when it belongs to the result; true when the batch can take no more. */
  private take(hit: Hit, batch: Batch): boolean {
    if (!this.request.query.matches(hit.bytes)) return false
    if (this.skip > 0) {
      this.skip--
      return false
    }
    this.left--
    const document = this.output(hit.bytes)
    if (!batch.add(document)) this.held = copyOf(document)
    return this.held !== undefined || batch.full || this.left === 0
  }

  private output(bytes: RawDocument): RawDocument {
    return this.request.project ? this.request.project(bytes) : bytes
  }

  private async fillSorted(batch: Batch, sorted: RawDocument[], turns: Turns): Promise<boolean> {
    while (sorted.length > 0 && !batch.full) {
      const document = this.output(sorted[sorted.length - 1] as RawDocument)
      if (!batch.add(document)) return false
      sorted.pop()
      if (turns.over) await turns.next()
    }
    return sorted.length === 0
  }

  /** All documents in reverse order, so that the next one is taken from the end. */
  private async sort(sorter: Sorter, interrupt: Interrupt): Promise<RawDocument[]> {
    const { query, sortFields, skip, limit } = this.request
    const turns = new Turns(interrupt)
    const keep = skip + limit
    const room = keep * 2 + 64
    let rows: { key: unknown[]; bytes: RawDocument }[] = []
    let memory = 0
    const order = (a: { key: unknown[] }, b: { key: unknown[] }): number => sorter.compareKeys(a.key, b.key)
    while (!this.scan.done) {
      for (const { bytes: found } of this.scan.resume(this.request.source.reader, this.lent)) {
        if (query.matches(found)) {
          const bytes = this.lent ? copyOf(found) : found
          rows.push({ key: sorter.keyOf(decode(bytes, sortFields)), bytes })
          memory += bytes.length
          if (memory > SORT_MEMORY)
            throw new CommandError(
              292,
              'QueryExceededMemoryLimitNoDiskUseAllowed',
              `Sort exceeded memory limit of ${SORT_MEMORY} bytes; add an index for the sort or a limit`,
            )
        }
        if (rows.length >= room || turns.over) break
      }
      if (rows.length >= room) {
        rows = (await slicedSort(rows, order, turns)).slice(0, keep)
        memory = rows.reduce((sum, row) => sum + row.bytes.length, 0)
      } else if (!this.scan.done) await turns.next()
    }
    const end = limit === Number.POSITIVE_INFINITY ? rows.length : keep
    const ordered = (await slicedSort(rows, order, turns)).slice(skip, end).reverse()
    return mapSliced(ordered, (row) => row.bytes, turns)
  }
}
