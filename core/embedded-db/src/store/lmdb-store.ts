import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { open } from 'lmdb'
import type { RootDatabase } from 'lmdb'
import { checkDataFile } from './data-file.ts'
import { keyCodec, valueCodec } from './binary-codec.ts'
import { DATA_FILE } from './format.ts'
import { HeadRoom, type Used } from './head-room.ts'
import { LmdbReader, LmdbSnapshot } from './lmdb-reader.ts'
import { BufferedWriter, DirectWriter } from './lmdb-writers.ts'
import type { Change, Overlay } from './overlay.ts'
import { isBroken, StoreError, storeErrorOf } from './store-error.ts'
import type { Reader, Snapshot, Store, Writer } from './store.ts'
import { WriterGate } from './writer-gate.ts'

/** When a write is done. `none`: committed and never flushed; `commit`: committed, the flush follows; `flush`: flushed. */
export type Durability = 'none' | 'commit' | 'flush'

const SYNCHRONOUS_COMMIT = 2
const ABORTABLE = 1
const FAILED_CLOSE_MS = 1000
const MAX_READERS = 512
/** What LMDB's reader table takes at most. */
const READER_TABLE_BYTES = 128 * MAX_READERS

/** Why LMDB could not commit: it keeps the system's error in a promise of its own. */
async function reasonOf(error: unknown): Promise<unknown> {
  const cause: unknown =
    typeof error === 'object' && error !== null && 'commitError' in error ? error.commitError : error
  return Promise.resolve(cause).then(
    () => error,
    (reason: unknown) => reason,
  )
}

/** Takes the room of the reader table now: a page of it that a full disk cannot give later would end the process. */
function reserveReaderTable(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(READER_TABLE_BYTES), { mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

/** The pages that the last commit reached, of how many bytes. */
function usedPages(db: RootDatabase<Buffer, Buffer>): Used {
  const { lastPageNumber, pageSize } = db.getStats() as { lastPageNumber: number; pageSize: number }
  return { pages: lastPageNumber + 1, pageSize }
}

/** How long entries are put before others have their turn (ms). */
const SLICE_MS = 4
/** Entries put in one go: of a thousand, LMDB counts those that its writer thread has not got to, and waits for it. */
const BLOCK = 128

function nextBlock(changes: Iterator<Change>): Change[] {
  const block: Change[] = []
  while (block.length < BLOCK) {
    const { value, done } = changes.next()
    if (done) break
    block.push(value)
  }
  return block
}

/**
 * The store on LMDB: copy-on-write pages in one memory-mapped file, readers never wait for the writer. Commits that reach
 * the disk are made by LMDB's writer thread, so that no flush stops the event loop; without flushes the thread would only
 * cost time.
 */
export class LmdbStore extends LmdbReader implements Store {
  readonly readOnly: boolean
  private readonly folder: string
  private readonly file: string
  private readonly durability: Durability
  private underWay: Overlay | undefined
  private failed = false
  /** Resolves, whatever came of them, when the commits made so far are flushed. */
  private flushes: Promise<void> = Promise.resolve()
  /** Why nothing is written any more: a commit, which readers may see already, could not be flushed, or was put in part. */
  private unflushed: StoreError | undefined
  private readonly room: HeadRoom | undefined
  private readonly gate: WriterGate | undefined

  constructor(folder: string, durability: Durability, readOnly = false) {
    const file = join(folder, DATA_FILE)
    checkDataFile(file)
    if (!readOnly) reserveReaderTable(`${file}-lock`)
    super(
      open<Buffer, Buffer>({
        path: file,
        noSubdir: true,
        keyEncoder: keyCodec,
        encoder: valueCodec,
        readOnly,
        noSync: durability === 'none',
        overlappingSync: durability === 'commit' && !readOnly,
        // Commits are gathered here; LMDB's own gathering leaves a promise behind that nobody could catch.
        eventTurnBatching: false,
        maxReaders: MAX_READERS,
        maxDbs: 1,
      }),
    )
    this.readOnly = readOnly
    this.folder = folder
    this.file = file
    this.durability = durability
    this.room = readOnly ? undefined : new HeadRoom(file, () => usedPages(this.db))
    if (durability !== 'none' && !readOnly) this.gate = new WriterGate(this.db)
  }

  get latest(): Pick<Reader, 'get'> {
    return this.underWay ?? this
  }

  snapshot(): Snapshot {
    this.db.resetReadTxn()
    return new LmdbSnapshot(this.db, this.db.useReadTransaction())
  }

  async write<T>(action: (writer: Writer) => T): Promise<T> {
    if (this.readOnly) throw new StoreError('readOnly', `the data folder ${this.folder} is read-only`)
    if (this.durability === 'none') return this.writeNow(action)
    if (this.unflushed)
      throw new StoreError('readOnly', `nothing is written until the next start (${this.unflushed.message})`)
    const writer = new BufferedWriter(this)
    const result = action(writer)
    if (writer.empty) return result
    this.underWay = writer
    try {
      const { entries, bytes } = writer.weight
      const room = this.room?.prepare(entries, bytes)
      if (room) await this.roomFor(room)
      await this.commit(writer)
    } finally {
      this.underWay = undefined
      this.db.resetReadTxn()
    }
    return result
  }

  private async roomFor(room: Promise<void>): Promise<void> {
    try {
      await room
    } catch (error) {
      throw storeErrorOf(error, this.folder)
    }
  }

  private async commit(writer: Overlay): Promise<void> {
    try {
      await this.store(writer)
    } catch (error) {
      this.failed = true
      const reason = storeErrorOf(await reasonOf(error), this.folder)
      // The system drops what it could not flush and calls the next flush a success: what is built on it would be lost with it.
      if (isBroken(reason)) this.unflushed = reason
      throw reason
    }
  }

  private writeNow<T>(action: (writer: Writer) => T): T {
    try {
      return this.db.transactionSync(() => action(new DirectWriter(this.db, this.room)), ABORTABLE | SYNCHRONOUS_COMMIT)
    } catch (error) {
      throw storeErrorOf(error, this.folder)
    }
  }

  async flushed(): Promise<void> {
    await this.flushes
    if (this.unflushed) throw this.unflushed
  }

  /** Resolves when readers see the commit. After a flush that fails later, nothing is written any more. */
  private async store(writer: Overlay): Promise<void> {
    let seen = false
    const visible = new Promise<void>((resolve) => {
      if (this.durability === 'commit' && this.gate)
        this.gate.visible = () => {
          seen = true
          resolve()
        }
    })
    const flushed = this.batch(writer)
    const flush = flushed.catch(async (error: unknown) => {
      if (seen) this.unflushed = storeErrorOf(await reasonOf(error), this.folder)
    })
    const earlier = this.flushes
    this.flushes = flush.then(() => earlier)
    await Promise.race([visible, flushed])
  }

  /** Puts everything for the writer thread, which begins when it has it all. */
  private async batch(writer: Overlay): Promise<void> {
    const changes = writer.changes()
    let committed: Promise<unknown> | undefined
    let until = performance.now() + SLICE_MS
    this.gate?.close()
    try {
      for (let block = nextBlock(changes); block.length > 0; block = nextBlock(changes)) {
        if (performance.now() > until) {
          await nextTurn()
          until = performance.now() + SLICE_MS
        }
        // It is the same promise for all of one commit.
        committed = this.db.batch(() => this.put(block))
      }
    } catch (error) {
      // The gate stays closed for good: LMDB takes nothing back, and would commit what was put before.
      this.unflushed = storeErrorOf(error, this.folder)
      throw error
    }
    this.gate?.open()
    await committed
  }

  private put(block: readonly Change[]): void {
    for (const { key, value } of block) void (value ? this.db.put(key, value as Buffer) : this.db.remove(key))
  }

  fileSize(): number {
    return statSync(this.file).size
  }

  async copyTo(folder: string): Promise<void> {
    await this.db.backup(join(folder, DATA_FILE), true)
  }

  async close(): Promise<void> {
    await this.flushes
    this.room?.close()
    if (!this.failed && !this.unflushed) {
      await this.db.flushed
      await this.db.close()
      return
    }
    // After a commit that failed, which was told then, LMDB fails again or waits for a flush that never comes.
    const flushed = (async () => this.db.flushed)().catch(() => undefined)
    const closed = flushed.then(() => this.db.close()).catch(() => undefined)
    const late = new AbortController()
    await Promise.race([closed, delay(FAILED_CLOSE_MS, undefined, late).catch(() => undefined)])
    late.abort()
  }
}
