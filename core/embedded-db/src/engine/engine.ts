import type { Document, Timestamp } from 'bson'

import { CommandError } from '../errors.ts'
import type { Store, Writer } from '../store/store.ts'
import { Catalogue } from './catalogue.ts'
import { ClusterClock } from './clock.ts'
import type { Collection } from './collection.ts'
import { CommitQueue } from './commit-queue.ts'
import { DirectWrite } from './direct-write.ts'
import type { Interrupt } from './interrupt.ts'
import { LockTable } from './locks.ts'
import { measureOplog, saveOplogBytes } from './oplog-bound.ts'
import { encodeEntry, lastTime, laterBy, timeKey } from './oplog.ts'
import type { EncodedEntry } from './oplog.ts'
import { loggedName } from './time-series.ts'

const NAMESPACE_LIMIT = 255

/** The state every command works on: the store, what is defined in it, who holds what, and the order of commits. */
export class Engine {
  readonly store: Store
  readonly catalogue = new Catalogue()
  readonly locks = new LockTable()
  readonly clock: ClusterClock
  /** Collections whose totals the next commit must store. */
  readonly changed = new Set<Collection>()
  /** Collections whose definition the next commit must store, since a transaction made an index multikey in memory. */
  readonly widened = new Set<Collection>()
  /** Transactions that make ready their commits. Index builds wait for them: an index that is completed meanwhile makes them begin again. */
  readonly preparing = new Set<Promise<void>>()
  /** Bytes of the oplog, for its bound. */
  oplogBytes = 0
  private readonly queue: CommitQueue
  private waiters: (() => void)[] = []
  private preparedStep = 0
  private preparedTime: Timestamp
  private committedOplogBytes = 0
  /** The catalogue's step as of the last commit: what a snapshot taken now agrees with. */
  committedStep = 0
  /** The time of the last commit: a snapshot taken now is of this time. */
  committedTime: Timestamp

  constructor(store: Store) {
    this.store = store
    this.catalogue.load(store)
    this.committedStep = this.catalogue.currentStep
    this.clock = new ClusterClock(lastTime(store))
    this.committedTime = this.preparedTime = this.clock.now()
    this.committedOplogBytes = this.oplogBytes = measureOplog(store)
    this.queue = new CommitQueue(store, {
      prepare: (writer) => {
        this.preparedStep = this.catalogue.currentStep
        this.preparedTime = this.clock.now()
        for (const collection of this.changed)
          if (this.catalogue.collections.get(collection.namespace) === collection)
            this.catalogue.saveStatistics(writer, collection)
        this.changed.clear()
        for (const collection of this.widened)
          if (this.catalogue.collections.get(collection.namespace) === collection)
            this.catalogue.save(writer, collection)
        this.widened.clear()
        if (this.oplogBytes !== this.committedOplogBytes) saveOplogBytes(writer, this.oplogBytes)
      },
      committed: () => {
        const changed = !this.committedTime.equals(this.preparedTime)
        this.committedStep = this.preparedStep
        this.committedTime = this.preparedTime
        this.committedOplogBytes = this.oplogBytes
        this.wakeWaiters()
        return changed
      },
      undone: () => {
        this.changed.clear()
        this.widened.clear()
        this.oplogBytes = this.committedOplogBytes
        this.catalogue.load(store)
        // Definitions were read anew: transactions that begin now see these.
        this.committedStep = this.catalogue.currentStep
      },
    })
  }

  /**
   * Runs a statement in the next group commit and logs what it did under one oplog entry. What it throws is reported
   * after the commit of what it had already done.
   */
  write<T>(action: (context: DirectWrite) => T, interrupt?: Interrupt): Promise<T> {
    return this.queue.submit((writer) => {
      const context = new DirectWrite(writer, this)
      try {
        return action(context)
      } finally {
        if (context.operations.length > 0) this.log(context, [encodeEntry(context.operations, undefined)])
      }
    }, interrupt)
  }

  /** Ends all writing: resolves when what was submitted is done, and refuses what comes later with 11600. */
  async close(): Promise<void> {
    if (!this.store.readOnly) await this.queue.close()
  }

  /** Resolves when every write submitted so far is done. */
  async idle(): Promise<void> {
    if (!this.store.readOnly) await this.queue.submit(() => undefined)
  }

  /** Writes the oplog's entries about what was put; returns the time of the last operation. */
  log(writer: Writer, entries: readonly EncodedEntry[]): Timestamp {
    if (entries.length > 0) {
      let time = this.clock.next(entries.reduce((sum, { times }) => sum + times, 0))
      for (const { bytes, times } of entries) {
        writer.put(timeKey(time), bytes)
        this.oplogBytes += bytes.length
        time = laterBy(time, times)
      }
    }
    return this.clock.now()
  }

  /** Resolves after the next commit. */
  nextCommit(): { done: Promise<void>; cancel(): void } {
    let wake: () => void = () => undefined
    const done = new Promise<void>((resolve) => (wake = resolve))
    this.waiters.push(wake)
    return {
      done,
      cancel: () => {
        this.waiters = this.waiters.filter((waiter) => waiter !== wake)
        wake()
      },
    }
  }

  private wakeWaiters(): void {
    if (this.waiters.length === 0) return
    const waiters = this.waiters
    this.waiters = []
    for (const wake of waiters) wake()
  }

  /** The collection, or undefined. @throws CommandError 166 when the name is a view's */
  collection(namespace: string): Collection | undefined {
    const collection = this.catalogue.collections.get(namespace)
    if (!collection && this.catalogue.views.has(namespace))
      throw new CommandError(166, 'CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)
    return collection
  }

  createCollection(context: DirectWrite, database: string, name: string, options: Document): Collection {
    checkNamespace(database, name)
    const collection = this.catalogue.define(database, name, options)
    this.catalogue.add(context, collection)
    const id = collection.indexes[0]
    context.log({
      kind: 'command',
      database,
      namespace: loggedName(collection),
      name: 'create',
      detail: { uuid: collection.uuid, options, idIndex: id?.spec },
    })
    return collection
  }
}

/** @throws CommandError 73 for a name MongoDB refuses */
export function checkNamespace(database: string, name: string): void {
  const bad = (message: string): CommandError => new CommandError(73, 'InvalidNamespace', message)
  if (!/^[^/\\. "$*<>:|?\0]{1,63}$/.test(database)) throw bad(`Invalid database name: '${database}'`)
  if (name === '' || name.includes('\0') || name.startsWith('.') || name.includes('$'))
    throw bad(`Invalid collection name: ${name}`)
  if (name.startsWith('system.') && !['system.js', 'system.profile', 'system.users'].includes(name))
    throw bad(`Invalid system namespace: ${database}.${name}`)
  if (Buffer.byteLength(`${database}.${name}`) > NAMESPACE_LIMIT)
    throw bad(`Fully qualified namespace is too long. Namespace: ${database}.${name} Max: ${NAMESPACE_LIMIT}`)
}
