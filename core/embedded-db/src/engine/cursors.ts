import { randomBytes } from 'node:crypto'
import { Long } from 'bson'
import { CommandError } from '../errors.ts'
import type { BatchSource } from './query/batch.ts'
import { ReplyBatch } from './query/batch.ts'
import type { Interrupt } from './interrupt.ts'

const IDLE_LIMIT = 10 * 60 * 1000
const FIRST_BATCH = 101

export interface Cursor {
  id: Long
  namespace: string
  source: BatchSource
  /** Hex id of the session that opened it; another may not read it. */
  session: string | undefined
  /** That in which it was opened, and with which it ends. */
  transaction: { readonly ended: Promise<void> } | undefined
  noTimeout: boolean
  /** On the clock of `performance`, which nobody sets. */
  lastUsed: number
  busy: Interrupt | undefined
  /** What `maxTimeMS` of the command that opened it leaves for all batches to come, waiting between them not counted. */
  timeLeft: number
  /** Change streams and tailable cursors wait for documents when they have none. */
  awaitData: boolean
  /** What the stream resumes after, for each reply. */
  resumeToken: (() => unknown) | undefined
  originalCommand: unknown
  /** For reports: when it was opened and last read, and what it has given. */
  opened: Date
  lastRead: Date
  documents: number
  batches: number
}

export type CursorOptions = Pick<Cursor, 'namespace' | 'source'> & Partial<Omit<Cursor, 'id' | 'lastUsed' | 'busy'>>

/** Open cursors by id; those left idle are closed. */
export class CursorRegistry {
  private readonly cursors = new Map<string, Cursor>()

  get size(): number {
    return this.cursors.size
  }

  add(options: CursorOptions): Cursor {
    const cursor: Cursor = {
      session: undefined,
      transaction: undefined,
      noTimeout: false,
      timeLeft: Number.POSITIVE_INFINITY,
      awaitData: false,
      resumeToken: undefined,
      originalCommand: undefined,
      opened: new Date(),
      lastRead: new Date(),
      documents: 0,
      batches: 1,
      ...options,
      id: this.freshId(),
      lastUsed: performance.now(),
      busy: undefined,
    }
    this.cursors.set(cursor.id.toString(), cursor)
    void cursor.transaction?.ended.then(() => this.close(cursor.id))
    return cursor
  }

  /** @throws CommandError 43 when no such cursor is open on the namespace */
  get(id: Long, namespace: string): Cursor {
    const cursor = this.cursors.get(id.toString())
    if (!cursor) throw new CommandError(43, 'CursorNotFound', `cursor id ${id.toString()} not found`)
    if (cursor.namespace !== namespace)
      throw new CommandError(
        13,
        'Unauthorized',
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      )
    return cursor
  }

  /** Those that no operation reads. */
  idle(): Cursor[] {
    return [...this.cursors.values()].filter(({ busy }) => !busy)
  }

  /** Closes a cursor; false when it is not there. */
  close(id: Long): boolean {
    const cursor = this.cursors.get(id.toString())
    if (!cursor) return false
    this.cursors.delete(id.toString())
    cursor.busy?.kill(new CommandError(237, 'CursorKilled', `cursor ${id.toString()} was killed`))
    cursor.source.close()
    return true
  }

  closeWhere(test: (cursor: Cursor) => boolean): void {
    for (const cursor of [...this.cursors.values()]) if (test(cursor)) this.close(cursor.id)
  }

  closeIdle(now = performance.now()): void {
    this.closeWhere((cursor) => !cursor.noTimeout && !cursor.busy && now - cursor.lastUsed > IDLE_LIMIT)
  }

  private freshId(): Long {
    for (;;) {
      const bytes = randomBytes(8)
      const id = new Long(bytes.readInt32LE(0), bytes.readInt32LE(4) & 0x7fffffff)
      if (!id.isZero() && !this.cursors.has(id.toString())) return id
    }
  }
}

/** The size of a first batch when the client names none. */
export function firstBatch(batchSize: number | undefined): ReplyBatch {
  return new ReplyBatch(batchSize ?? FIRST_BATCH)
}
