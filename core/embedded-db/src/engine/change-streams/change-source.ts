import { calculateObjectSize } from 'bson'
import type { Document } from 'bson'
import { decode } from '../../bson/decode.ts'
import { encode } from '../../bson/raw.ts'
import { CommandError } from '../../errors.ts'
import { compileQuery } from '../query/query.ts'
import type { Collection } from '../collection.ts'
import type { Engine } from '../engine.ts'
import type { Interrupt } from '../interrupt.ts'
import { Turns } from '../interrupt.ts'
import { readEntries } from '../oplog.ts'
import type { LogEntry, LoggedOperation } from '../oplog.ts'
import { choosePlan } from '../planner/choose.ts'
import { Scan } from '../planner/scan.ts'
import type { Batch, BatchSource } from '../query/batch.ts'
import { CommitFollower } from '../query/commit-follower.ts'
import { eventsOf, invalidateEvent } from './events.ts'
import { encodeToken, END_OF_ENTRY } from './resume-token.ts'
import type { Position } from './resume-token.ts'
import { LARGEST_EVENT, splitEvent, tooLarge } from './split-event.ts'
import type { Fragment } from './split-event.ts'
import type { Watch } from './watch.ts'

/** The events of a change stream, read from the log as it grows. */
export class ChangeSource implements BatchSource {
  private readonly engine: Engine
  private readonly watch: Watch
  private readonly commits: CommitFollower
  /** The stages after $changeStream, for one event: what comes out, or nothing. */
  private readonly transform: (event: Document) => Promise<Document | undefined>
  /** After the last event given out. */
  private position: Position
  /** As far as the log has been read. */
  private scanned: Position
  private ready: Fragment[] = []
  /** Of the event that ends the stream, whether the pipeline shows it or not. */
  private end: Position | undefined

  constructor(engine: Engine, watch: Watch, transform: (event: Document) => Promise<Document | undefined>) {
    this.engine = engine
    this.watch = watch
    this.commits = new CommitFollower(engine)
    this.transform = transform
    this.position = watch.after
    this.scanned = watch.after
  }

  /** Where a new stream would go on without gap or repetition. */
  resumeToken(): Document {
    return encodeToken(this.position)
  }

  async fill(batch: Batch, interrupt: Interrupt): Promise<boolean> {
    // A client that asks for nothing only wants the cursor: what the first event meets is not its error.
    if (batch.limit === 0) return false
    const ended = await this.commits.fill(batch, interrupt, () => this.give(batch, interrupt))
    if (!ended && this.ready.length === 0 && batch.count === 0) this.advance()
    return ended
  }

  /** To where the log was read, unless nothing came after the last event: then its token stays the stream's. */
  private advance(): void {
    if (this.scanned.time.toUnsigned().compare(this.position.time.toUnsigned()) > 0) this.position = this.scanned
  }

  close(): void {
    this.commits.close()
  }

  /** Moves events into the batch; answers whether that was the last of all. */
  private async give(batch: Batch, interrupt: Interrupt): Promise<boolean> {
    if (this.ready.length === 0 && !this.end) await this.read(batch.limit, interrupt)
    while (this.ready.length > 0 && !batch.full) {
      const next = this.ready[0] as (typeof this.ready)[number]
      if (!batch.add(next.document)) break
      this.ready.shift()
      this.position = next.position
    }
    if (!this.end || this.ready.length > 0) return false
    this.position = this.end
    return true
  }

  private async read(limit: number, interrupt: Interrupt): Promise<void> {
    const from = later(this.position, this.scanned)
    this.scanned = from
    const turns = new Turns(interrupt)
    const wanted = Math.min(limit, 1000)
    for (const entry of readEntries(this.engine.store, from.time)) {
      await this.readEntry(entry, from)
      if (this.end || this.ready.length >= wanted) return
      // The entry that all begin with again is no progress, and may alone take longer than a turn.
      if (turns.over && !entry.time.equals(from.time)) {
        await turns.next()
        return this.read(limit, interrupt)
      }
    }
  }

  private async readEntry(entry: LogEntry, from: Position): Promise<void> {
    const resumed = entry.time.equals(from.time)
    for (const { event, document, invalidates } of eventsOf(entry, this.watch, (operation) => this.lookup(operation))) {
      const position = { time: entry.time, event, invalidate: false }
      const endsAt = invalidates && from.told === true && resumed && event === from.event
      // An event of which only some fragments were seen is told again, less those.
      const seen = resumed && (from.fragment ? event < from.event : event <= from.event)
      if (!seen) await this.offer(document, position)
      if (!invalidates || (seen && !endsAt)) continue
      this.end = { ...position, invalidate: true }
      await this.offer(invalidateEvent(document, entry, event), this.end)
      return
    }
    this.scanned = { time: entry.time, event: END_OF_ENTRY, invalidate: false }
  }

  private async offer(document: Document, position: Position): Promise<void> {
    const shown = await this.transform(document)
    if (!shown) return
    const token = (document._id as Document)._data as string
    if ((shown._id as Document | undefined)?._data !== token) {
      throw new CommandError(
        280,
        'ChangeStreamFatalError',
        'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.',
        { labels: ['NonResumableChangeStreamError'] },
      )
    }
    if (this.watch.splits && calculateObjectSize(shown) > LARGEST_EVENT) {
      this.ready.push(...splitEvent(shown, position).filter((part) => this.follows(part)))
      return
    }
    const bytes = encode(shown)
    if (bytes.length > LARGEST_EVENT) throw tooLarge(bytes.length)
    this.ready.push({ document: bytes, position })
  }

  /** Whether a fragment comes after the one that the stream was resumed at. */
  private follows({ position }: Fragment): boolean {
    const { after } = this.watch
    if (!after.fragment || !position.time.equals(after.time) || position.event !== after.event) return true
    return (position.fragment ?? 0) > after.fragment
  }

  /** The collection that was changed, whatever its name is now; not one that has taken its name since. */
  private collectionOf({ database, collection, uuid }: LoggedOperation): Collection | undefined {
    const { collections } = this.engine.catalogue
    const named = collections.get(`${database}.${collection ?? ''}`)
    if (!uuid) return named
    const changed = (one: Collection): boolean => Buffer.compare(one.uuid.buffer, uuid.buffer) === 0
    return named && changed(named) ? named : [...collections.values()].find(changed)
  }

  /** The current document of an update, or null when it is gone. */
  private lookup(operation: LoggedOperation): Document | null {
    const collection = this.collectionOf(operation)
    if (!collection || !operation.key) return null
    const { filter } = compileQuery({ _id: { $eq: operation.key._id as unknown } }, {})
    for (const hit of new Scan(collection, choosePlan(collection, this.engine.store, { filter })).resume(
      this.engine.store,
    ))
      return decode(hit.bytes)
    return null
  }
}

function later(a: Position, b: Position): Position {
  const order = a.time.toUnsigned().compare(b.time.toUnsigned())
  return order > 0 || (order === 0 && a.event >= b.event) ? a : b
}
