import type { Writer } from '../store/store.ts'
import type { Collection, Index } from './collection.ts'
import type { Operation } from './operation.ts'

/**
 * Where a write goes: straight into the commit at hand, or into a transaction's overlay. Document operations are written
 * once against this and check everything before they put anything, so that each document is all or nothing.
 */
export interface WriteContext extends Writer {
  /**
   * Claims a record or unique key before it is changed.
   * @throws Blocked when an open transaction holds it; CommandError 112 inside a transaction that lost the race
   */
  claim(key: Buffer): void
  /** Records what was done, for the oplog. */
  log(operation: Operation): void
  /** Adjusts a collection's totals. */
  tally(collection: Collection, documents: number, bytes: number): void
  /** Stores a collection's definition again, after an index has become multikey. */
  redefine(collection: Collection): void
  /** The indexes of a collection whose entries this write keeps. */
  indexesOf(collection: Collection): readonly Index[]
  /** The collection as this write sees it. @throws CommandError 166 for a view */
  collection(namespace: string): Collection | undefined
  /** The collection, created without options when it does not exist. */
  ensureCollection(database: string, name: string): Collection
}

/** Thrown to wait for a transaction to end and then try again. */
export class Blocked extends Error {
  readonly until: Promise<void>
  constructor(until: Promise<void>) {
    super('waiting for a transaction')
    this.until = until
  }
}
