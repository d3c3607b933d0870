import { setImmediate as turn } from 'node:timers/promises'
import { collectionOf } from '../data/core-db.ts'
import { isDuplicateKey } from '../data/duplicate-key.ts'
import type { AuditPort, AuditRecord, Clock, DataPlatform } from '../ports.ts'

/** A stored record; `_id` is the sequence: 1, 2, 3, … without gaps. */
export interface StoredAuditRecord extends AuditRecord {
  readonly _id: number
  readonly at: Date
}

interface Waiting {
  readonly record: AuditRecord
  readonly at: Date
  done(): void
  failed(error: unknown): void
}

const largestGroup = 500
/** Fewer make more and smaller groups, more leave database and host waiting for each other. */
const answeredAtOnce = 24

/**
 * Append-only record in `audit`. Records that arrive in one turn of the event loop, and those that arrive while a write is under
 * way, go together in the next one: the cost of a commit is shared, and each caller still waits for the journal. The sequence is the primary key: two nodes cannot use one number.
 */
export class AuditLog implements AuditPort {
  readonly #collection
  readonly #clock: Clock
  readonly #regions: readonly string[]
  #waiting: Waiting[] = []
  #writing = false
  #last: number | undefined

  constructor({ core, regions }: Pick<DataPlatform, 'core' | 'regions'>, clock: Clock) {
    this.#collection = collectionOf<StoredAuditRecord>(core, 'audit')
    this.#regions = regions
    this.#clock = clock
  }

  async prepare(): Promise<void> {
    await this.#collection.createIndexes([
      { key: { action: 1, _id: -1 } },
      { key: { 'actor.subject': 1, _id: -1 } },
      { key: { resource: 1, _id: -1 }, sparse: true },
    ])
  }

  append(told: AuditRecord): Promise<void> {
    const record = this.#legible(told)
    return new Promise((done, failed) => {
      this.#waiting.push({ record, at: this.#clock.now(), done, failed })
      if (!this.#writing) void this.#writeAll()
    })
  }

  /** Newest first. @param filter.before only sequences below */
  async read(filter: AuditFilter, limit: number): Promise<StoredAuditRecord[]> {
    const { before, regions, action, subject, resource } = filter
    return this.#collection
      .find({
        ...(before === undefined ? {} : { _id: { $lt: before } }),
        ...(action === undefined ? {} : { action }),
        ...(subject === undefined ? {} : { 'actor.subject': subject }),
        ...(resource === undefined ? {} : { resource }),
        region: { $in: [null, ...regions] },
      } as object)
      .sort({ _id: -1 })
      .limit(limit)
      .toArray() as Promise<StoredAuditRecord[]>
  }

  /** A region that there is not was made up by the caller; as it is nobody's, no reader would have the record. */
  #legible(record: AuditRecord): AuditRecord {
    const { region, ...rest } = record
    return region === undefined || this.#regions.includes(region) ? record : rest
  }

  async #writeAll(): Promise<void> {
    this.#writing = true
    await turn()
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, largestGroup))
    this.#writing = false
  }

  /** Writes a group in order; where another node took a number first, what is left goes behind it. */
  async #write(group: readonly Waiting[]): Promise<void> {
    let rest = group
    try {
      while (rest.length > 0) {
        const last = this.#last ?? (await this.#lastStored())
        const rows = rest.map(({ record, at }, index) => ({ ...record, _id: last + 1 + index, at }))
        const written = await this.#insert(rows)
        void this.#tell(rest.slice(0, written))
        this.#last = written === rows.length ? last + written : undefined
        rest = rest.slice(written)
      }
    } catch (error) {
      this.#last = undefined
      for (const waiting of rest) waiting.failed(error)
    }
  }

  /**
   * A few in each turn: those answered ask again meanwhile, so that the database has the next group while this process is busy
   * with the answers of this one.
   */
  async #tell(stored: readonly Waiting[]): Promise<void> {
    for (let at = 0; at < stored.length; at += answeredAtOnce) {
      await turn()
      for (const waiting of stored.slice(at, at + answeredAtOnce)) waiting.done()
    }
  }

  async #insert(rows: StoredAuditRecord[]): Promise<number> {
    try {
      await this.#collection.insertMany(rows, { ordered: true })
      return rows.length
    } catch (error) {
      const { result } = error as { result?: { insertedCount: number } }
      if (!isDuplicateKey(error) || !result) throw error
      return result.insertedCount
    }
  }

  async #lastStored(): Promise<number> {
    const newest = await this.#collection
      .find({})
      .sort({ _id: -1 })
      .limit(1)
      .project<{ _id: number }>({ _id: 1 })
      .next()
    return newest?._id ?? 0
  }
}

/** Records of other regions than `regions` are left out; those without a region are the platform's. */
export interface AuditFilter {
  readonly regions: readonly string[]
  readonly before?: number | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
  readonly resource?: string | undefined
}
