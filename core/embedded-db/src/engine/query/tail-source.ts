import type { RawDocument } from '../../bson/types.ts'
import { CommandError } from '../../errors.ts'
import type { RawProjection } from '../../projection/index.ts'
import type { Collection } from '../collection.ts'
import { collectionGone } from '../collection-gone.ts'
import type { Engine } from '../engine.ts'
import { Turns } from '../interrupt.ts'
import type { Interrupt } from '../interrupt.ts'
import { recordKey, recordOfKey, tableRange } from '../keyspace.ts'
import type { Batch, BatchSource } from './batch.ts'
import { CommitFollower } from './commit-follower.ts'
import type { Query } from './query.ts'

export interface TailRequest {
  collection: Collection
  query: Query
  skip: number
  /** Infinity for none. */
  limit: number
  project: RawProjection | undefined
}

/** The documents of a capped collection in the order of their insertion, and those that come later. */
export class TailSource implements BatchSource {
  private readonly engine: Engine
  private readonly request: TailRequest
  private readonly commits: CommitFollower
  private readonly namespace: string
  private last: number | undefined
  private skip: number
  private left: number

  constructor(engine: Engine, request: TailRequest) {
    this.engine = engine
    this.request = request
    this.commits = new CommitFollower(engine)
    this.namespace = request.collection.namespace
    this.skip = request.skip
    this.left = request.limit
  }

  /** @throws CommandError 136 when the last document read was removed to make room, 175 when the collection is gone */
  fill(batch: Batch, interrupt: Interrupt): Promise<boolean> {
    return this.commits.fill(batch, interrupt, async () => {
      await this.read(batch, interrupt)
      return this.left === 0
    })
  }

  close(): void {
    this.commits.close()
  }

  private async read(batch: Batch, interrupt: Interrupt): Promise<void> {
    this.checkPosition()
    const { table } = this.request.collection
    const turns = new Turns(interrupt)
    const range = tableRange(table)
    for (let paused = true; paused;) {
      paused = false
      const start = this.last === undefined ? range.start : recordKey(table, this.last + 1)
      for (const { key, value } of this.engine.store.range({ start, end: range.end })) {
        if (!this.take(recordOfKey(key), value, batch)) return
        paused = turns.over
        if (paused) break
      }
      if (paused) await turns.next()
    }
  }

  private checkPosition(): void {
    const { collection } = this.request
    if (this.engine.catalogue.collections.get(collection.namespace) !== collection)
      throw collectionGone(collection, this.namespace)
    if (this.last !== undefined && !this.engine.store.get(recordKey(collection.table, this.last)))
      throw new CommandError(
        136,
        'CappedPositionLost',
        `CollectionScan died due to position in capped collection being deleted. Last seen record id: RecordId(${this.last})`,
      )
  }

  /** False when the batch takes no more. */
  private take(record: number, bytes: RawDocument, batch: Batch): boolean {
    const { query, project } = this.request
    if (query.matches(bytes)) {
      if (this.skip > 0) this.skip--
      else {
        if (!batch.add(project ? project(bytes) : bytes)) return false
        this.left--
      }
    }
    this.last = record
    return this.left > 0 && !batch.full
  }
}
