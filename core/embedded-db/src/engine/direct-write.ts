import type { Overlay } from '../store/overlay.ts'
import type { Entry, Range, Writer } from '../store/store.ts'
import { StoreFailure } from './commit-queue.ts'
import type { Collection, Index } from './collection.ts'
import type { Engine } from './engine.ts'
import { addOperation, type Operation } from './operation.ts'
import type { WriteContext } from './write-context.ts'

/** Writes of one statement straight into the commit at hand. */
export class DirectWrite implements WriteContext {
  readonly operations: Operation[] = []
  readonly writer: Writer
  private readonly engine: Engine

  constructor(writer: Writer, engine: Engine) {
    this.writer = writer
    this.engine = engine
  }

  get(key: Buffer): Buffer | undefined {
    return this.writer.get(key)
  }

  range(range: Range): Iterable<Entry> {
    return this.writer.range(range)
  }

  count(start: Buffer, end: Buffer): number {
    return this.writer.count(start, end)
  }

  keyAt(start: Buffer, end: Buffer, entries: number): Buffer | undefined {
    return this.writer.keyAt(start, end, entries)
  }

  put(key: Buffer, value: Uint8Array): void {
    try {
      this.writer.put(key, value)
    } catch (error) {
      throw new StoreFailure(error)
    }
  }

  remove(key: Buffer): void {
    try {
      this.writer.remove(key)
    } catch (error) {
      throw new StoreFailure(error)
    }
  }

  adopt(changes: Overlay): void {
    try {
      this.writer.adopt(changes)
    } catch (error) {
      throw new StoreFailure(error)
    }
  }

  claim(key: Buffer): void {
    this.engine.locks.check(key)
  }

  log(operation: Operation): void {
    addOperation(this.operations, operation)
  }

  tally(collection: Collection, documents: number, bytes: number): void {
    collection.count += documents
    collection.size += bytes
    this.engine.changed.add(collection)
  }

  redefine(collection: Collection): void {
    this.engine.catalogue.save(this, collection)
  }

  indexesOf(collection: Collection): readonly Index[] {
    return collection.indexes
  }

  collection(namespace: string): Collection | undefined {
    return this.engine.collection(namespace)
  }

  ensureCollection(database: string, name: string): Collection {
    return this.engine.collection(`${database}.${name}`) ?? this.engine.createCollection(this, database, name, {})
  }
}
