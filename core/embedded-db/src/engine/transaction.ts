import type { Document, Timestamp } from 'bson'
import { CommandError } from '../errors.ts'
import type { Entry, Range, Reader, Snapshot, Writer } from '../store/store.ts'
import type { Collection, Index, View } from './collection.ts'
import type { Engine } from './engine.ts'
import { checkNamespace } from './engine.ts'
import type { WriteContext } from './write-context.ts'
import { catchUp, type CatchUps, completeIndexes, hasIncomplete, prepareCatchUp } from './index-catch-up.ts'
import { Turns } from './interrupt.ts'
import type { Interrupt } from './interrupt.ts'
import { writeConflict } from './locks.ts'
import type { LockOwner } from './locks.ts'
import { addOperation, type Operation } from './operation.ts'
import { encodeEntries } from './oplog.ts'
import type { EncodedEntry, Origin } from './oplog.ts'
import { applyOptions } from './collection-record.ts'
import { buildIndex } from './index-spec.ts'
import { Overlay } from '../store/overlay.ts'
import type { ReadSource } from './query/read-source.ts'

/**
 * A multi-document transaction: it reads the snapshot of its start with its own writes over it, claims each record and
 * unique key it writes, and puts everything in one commit. Nothing of it is stored before that.
 */
export class Transaction implements WriteContext, ReadSource, LockOwner {
  readonly ended: Promise<void>
  readonly held = new Set<string>()
  readonly operations: Operation[] = []
  private readonly entries: EncodedEntry[] = []
  private readonly catchUps = new Map<Collection, CatchUps>()
  private readonly engine: Engine
  private readonly snapshot: Snapshot
  private readonly overlay: Overlay
  private readonly startStep: number
  private readonly created = new Map<string, Collection>()
  private readonly totals = new Map<Collection, { documents: number; bytes: number }>()
  private over = false
  private finished: () => void = () => undefined

  constructor(engine: Engine) {
    this.engine = engine
    this.snapshot = engine.store.snapshot()
    this.overlay = new Overlay(this.snapshot)
    this.startStep = engine.committedStep
    this.ended = new Promise((resolve) => (this.finished = resolve))
  }

  get reader(): Reader {
    return this
  }

  get(key: Buffer): Buffer | undefined {
    this.checkOpen()
    return this.overlay.get(key)
  }

  range(range: Range): Iterable<Entry> {
    this.checkOpen()
    return this.overlay.range(range)
  }

  count(start: Buffer, end: Buffer): number {
    this.checkOpen()
    return this.overlay.count(start, end)
  }

  keyAt(start: Buffer, end: Buffer, entries: number): Buffer | undefined {
    this.checkOpen()
    return this.overlay.keyAt(start, end, entries)
  }

  put(key: Buffer, value: Uint8Array): void {
    this.overlay.set(key, value)
  }

  remove(key: Buffer): void {
    this.overlay.set(key, undefined)
  }

  adopt(changes: Overlay): void {
    this.overlay.adopt(changes)
  }

  /** @throws CommandError 112 when another transaction holds the key or a later commit has changed it */
  claim(key: Buffer): void {
    this.checkOpen()
    const seen = this.snapshot.get(key)
    const latest = this.engine.store.latest.get(key)
    if (seen === undefined ? latest !== undefined : latest === undefined || !latest.equals(seen)) throw writeConflict()
    this.engine.locks.take(key, this)
  }

  log(operation: Operation): void {
    addOperation(this.operations, operation)
  }

  /** @throws CommandError 263 for a capped collection, whose order of insertion a late commit would break, and for a time series */
  tally(collection: Collection, documents: number, bytes: number): void {
    if (collection.options.capped === true)
      throw new CommandError(
        263,
        'OperationNotSupportedInTransaction',
        `Collection '${collection.namespace}' is a capped collection. Writes in transactions are not allowed on capped collections.`,
      )
    if (collection.timeField !== undefined)
      throw new CommandError(
        263,
        'OperationNotSupportedInTransaction',
        `Cannot write to a time-series collection in a multi-document transaction: ${collection.namespace}`,
      )
    const total = this.totals.get(collection) ?? { documents: 0, bytes: 0 }
    this.totals.set(collection, { documents: total.documents + documents, bytes: total.bytes + bytes })
  }

  /** The definition is stored by the next commit of anybody: a wider flag harms nobody, and others find it in memory. */
  redefine(collection: Collection): void {
    this.engine.widened.add(collection)
  }

  indexesOf(collection: Collection): readonly Index[] {
    return completeIndexes(collection)
  }

  collection(namespace: string): Collection | undefined {
    const own = this.created.get(namespace)
    if (own) return own
    const collection = this.engine.collection(namespace)
    if (collection && collection.version > this.startStep) {
      throw new CommandError(
        246,
        'SnapshotUnavailable',
        `Unable to read from a snapshot due to pending collection catalog changes to collection '${namespace}'; please retry the operation.`,
        { labels: ['TransientTransactionError'] },
      )
    }
    return collection
  }

  view(namespace: string): View | undefined {
    return this.engine.catalogue.views.get(namespace)
  }

  ensureCollection(database: string, name: string): Collection {
    return this.collection(`${database}.${name}`) ?? this.createCollection(database, name, {})
  }

  createCollection(database: string, name: string, options: Document): Collection {
    checkNamespace(database, name)
    const collection = this.engine.catalogue.define(database, name, options)
    this.created.set(collection.namespace, collection)
    this.log({
      kind: 'command',
      database,
      namespace: name,
      name: 'create',
      detail: { uuid: collection.uuid, options, idIndex: collection.indexes[0]?.spec },
    })
    return collection
  }

  /** Adds indexes to a collection that this transaction made and has put nothing in; false for any other. */
  addIndexes(collection: Collection, specs: readonly Document[]): boolean {
    if (this.created.get(collection.namespace) !== collection || this.totals.has(collection)) return false
    for (const spec of specs) {
      collection.indexes.push(buildIndex(spec, this.engine.catalogue.allocateTable()))
      this.log({
        kind: 'command',
        database: collection.database,
        namespace: collection.name,
        name: 'createIndexes',
        detail: { uuid: collection.uuid, indexes: [spec] },
      })
    }
    applyOptions(collection)
    return true
  }

  /** Whether anything was written. */
  get dirty(): boolean {
    return this.operations.length > 0
  }

  /** Encodes what the commit adds to its writes, while others have their turn; nothing may be written afterwards. @throws as {@link Interrupt.check} */
  async prepare(origin: Origin, interrupt: Interrupt): Promise<void> {
    const ready = this.makeReady(origin, interrupt)
    this.engine.preparing.add(ready)
    await ready.finally(() => this.engine.preparing.delete(ready))
  }

  private async makeReady(origin: Origin, interrupt: Interrupt): Promise<void> {
    const turns = new Turns(interrupt)
    for (const entry of encodeEntries(this.operations, origin)) {
      this.entries.push(entry)
      await turns.rest()
    }
    const before = (key: Buffer): Buffer | undefined => {
      this.checkOpen()
      return this.snapshot.get(key)
    }
    for (const collection of [...this.totals.keys()].filter(hasIncomplete)) {
      // The slice of the build that is under way ends, and the next one waits.
      await this.engine.idle()
      this.catchUps.set(collection, await prepareCatchUp(collection, { before, changes: this.overlay, rests: turns }))
    }
  }

  /**
   * Puts everything that was prepared into a commit; `also` joins it.
   * @throws CommandError 251 when it was ended meanwhile, 112 when a definition has changed meanwhile, 11000 from a unique index under construction
   */
  commit(writer: Writer, also: (writer: Writer) => void): Timestamp {
    this.checkOpen()
    for (const collection of this.totals.keys()) {
      if (this.created.has(collection.namespace)) continue
      if (
        this.engine.catalogue.collections.get(collection.namespace) !== collection ||
        collection.version > this.startStep
      )
        throw writeConflict('the collection has changed')
    }
    for (const collection of this.created.values()) {
      if (this.engine.catalogue.collections.has(collection.namespace))
        throw writeConflict('the collection was created by another operation')
    }
    const catchUps = [...this.totals.keys()].map((collection) =>
      catchUp(writer, collection, this.overlay, this.catchUps.get(collection)),
    )
    for (const collection of this.created.values()) this.engine.catalogue.add(writer, collection)
    for (const put of catchUps) put()
    writer.adopt(this.overlay)
    for (const [collection, { documents, bytes }] of this.totals) {
      collection.count += documents
      collection.size += bytes
      this.engine.changed.add(collection)
    }
    also(writer)
    return this.engine.log(writer, this.entries)
  }

  /** A statement that is still at work when its session is ended must neither read on nor claim anything. */
  private checkOpen(): void {
    if (this.over) throw new CommandError(251, 'NoSuchTransaction', 'The transaction was ended by another operation.')
  }

  /** Gives up the snapshot and everything claimed; harmless when repeated. */
  end(): void {
    this.over = true
    this.snapshot.release()
    this.engine.locks.release(this)
    this.finished()
  }
}
