import { Timestamp } from 'bson'
import { CommandError } from '../errors.ts'
import type { Reader, Snapshot } from '../store/store.ts'
import { collectionIn, viewIn } from './catalogue.ts'
import type { Collection, View } from './collection.ts'
import type { Engine } from './engine.ts'
import { timeKey } from './oplog.ts'
import type { ReadSource } from './query/read-source.ts'

/** As MongoDB's minSnapshotHistoryWindowInSeconds. */
const WINDOW_MS = 300_000
/** Each snapshot keeps the pages of its time from being used again, so their number is bounded too. */
const MOST = 64

function earlier(a: Timestamp, b: Timestamp): boolean {
  return a.toUnsigned().compare(b.toUnsigned()) < 0
}

function after(time: Timestamp): Timestamp {
  return new Timestamp(time.toUnsigned().add(1))
}

function tooOld(time: Timestamp): CommandError {
  return new CommandError(
    239,
    'SnapshotTooOld',
    `Read timestamp Timestamp(${time.high >>> 0}, ${time.low >>> 0}) is older than the oldest available timestamp.`,
  )
}

/** The deployment as it was at one cluster time, for reads with readConcern snapshot outside transactions. */
class SnapshotSource implements ReadSource {
  readonly time: Timestamp
  lastUsed = performance.now()
  private readonly engine: Engine
  private readonly snapshot: Snapshot
  private readonly step: number
  private readonly collections = new Map<string, Collection | undefined>()
  private released = false

  constructor(engine: Engine) {
    this.engine = engine
    this.time = engine.committedTime
    this.step = engine.committedStep
    this.snapshot = engine.store.snapshot()
  }

  /** @throws CommandError 239 when the history no longer holds it, also in the middle of a cursor */
  get reader(): Reader {
    if (this.released) throw tooOld(this.time)
    return this.snapshot
  }

  /** A definition that has changed since is read as it was stored then. */
  collection(namespace: string): Collection | undefined {
    const live = this.engine.catalogue.collections.get(namespace)
    if (live && live.version <= this.step) return live
    if (!this.collections.has(namespace)) this.collections.set(namespace, collectionIn(this.reader, namespace))
    return this.collections.get(namespace)
  }

  view(namespace: string): View | undefined {
    return viewIn(this.reader, namespace)
  }

  release(): void {
    this.released = true
    this.snapshot.release()
  }
}

/** The snapshots that reads have been made at, kept for later reads at the same time. */
export class SnapshotHistory {
  private readonly engine: Engine
  private kept: SnapshotSource[] = []

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** The state at a cluster time, or the newest committed one. @throws CommandError 239 when it is not kept */
  at(time: Timestamp | undefined): SnapshotSource {
    const known = this.kept.find((one) => this.serves(one, time ?? this.engine.committedTime))
    if (known) {
      known.lastUsed = performance.now()
      return known
    }
    if (time && earlier(time, this.engine.committedTime)) throw tooOld(time)
    this.expire(MOST - 1)
    const fresh = new SnapshotSource(this.engine)
    this.kept.push(fresh)
    return fresh
  }

  /** Gives up what is older than the window, and the oldest beyond `most`. */
  expire(most = MOST, now = performance.now()): void {
    const keep = this.kept.filter((one, i) => now - one.lastUsed <= WINDOW_MS && i >= this.kept.length - most)
    for (const one of this.kept) if (!keep.includes(one)) one.release()
    this.kept = keep
  }

  /** Whether nothing was committed between the snapshot and the time. */
  private serves(one: SnapshotSource, time: Timestamp): boolean {
    if (earlier(time, one.time)) return false
    return this.engine.store.count(timeKey(after(one.time)), timeKey(after(time))) === 0
  }
}
