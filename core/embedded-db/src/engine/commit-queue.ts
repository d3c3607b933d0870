import { CommandError } from '../errors.ts'
import { StoreError } from '../store/store-error.ts'
import type { Store, Writer } from '../store/store.ts'
import type { Interrupt } from './interrupt.ts'
import { Blocked } from './write-context.ts'

interface Pending {
  run(writer: Writer): void
  settle(): void
  fail(error: unknown): void
  /** Ends its wait for a transaction: it runs again. */
  free(): void
}

/** A failure of the store itself: the commit at hand is undone as a whole. */
export class StoreFailure extends Error {
  constructor(cause: unknown) {
    super(`the store failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** How long one commit may run before other requests get their turn (ms). */
export const SLICE_MS = 4
/** From so many clients on, a commit waits for those that the last one answered. */
const SEVERAL = 4
/** How long after a commit what is blocked looks whether that lets it go on (ms), and how many times longer than the look takes. */
const LOOK_AGAIN = { ms: 10, timesItsCost: 10 }

/**
 * Group commit: writes that arrive while another commit is under way share one commit of the store, and each is answered
 * when that commit is done. Several clients that have just been answered may soon write again, and are waited for: a commit
 * costs as much processor time as several writes. An action that throws undoes nothing of its own, so it must check before
 * it puts.
 */
export class CommitQueue {
  private readonly store: Store
  private readonly prepare: (writer: Writer) => void
  private readonly committed: () => boolean
  private readonly undone: () => void
  private queue: Pending[] = []
  /** Blocked by open transactions. They go on in the order in which they came, before all that came later. */
  private readonly blocked = new Set<Pending>()
  private lookAgain: NodeJS.Timeout | undefined
  private costOfLook = 0
  private underWay = false
  private closed = false
  /** How many writes the next commit waits for, and until when. */
  private expected = { writes: 0, until: 0 }
  private late: NodeJS.Timeout | undefined

  /** `prepare` ends each commit, `committed` follows it and tells whether it changed anything, `undone` follows one that failed. */
  constructor(
    store: Store,
    hooks: { prepare: (writer: Writer) => void; committed: () => boolean; undone: () => void },
  ) {
    this.store = store
    this.prepare = hooks.prepare
    this.committed = hooks.committed
    this.undone = hooks.undone
  }

  /**
   * Runs `action` in the next commit. One that an open transaction blocks runs again when that has ended, and also soon
   * after commits of others, which may have put another document before the one that is held; until `interrupt` ends that.
   */
  submit<T>(action: (writer: Writer) => T, interrupt?: Interrupt): Promise<T> {
    if (this.closed) return Promise.reject(stopping())
    return new Promise<T>((resolve, reject) => {
      let settle: (() => void) | undefined
      const pending: Pending = {
        run: (writer) => {
          try {
            // It may have waited for a large commit, or for a transaction.
            interrupt?.check()
            const value = action(writer)
            settle = () => resolve(value)
          } catch (error) {
            if (error instanceof StoreFailure) throw error
            if (error instanceof Blocked && !this.closed) {
              this.block(pending, error.until, interrupt)
              return
            }
            settle = () => reject(error instanceof Blocked ? stopping() : error)
          }
        },
        settle: () => settle?.(),
        fail: (error) => {
          this.blocked.delete(pending)
          pending.free()
          reject(error)
        },
        free: () => undefined,
      }
      this.queue.push(pending)
      this.schedule()
    })
  }

  /** Takes no more writes, and resolves when those it took are done: a closed store would end the process. */
  async close(): Promise<void> {
    const last = this.submit(() => undefined)
    this.closed = true
    this.wake()
    await last
  }

  private block(pending: Pending, until: Promise<void>, interrupt: Interrupt | undefined): void {
    this.blocked.add(pending)
    void until.then(() => {
      if (this.blocked.has(pending)) this.wake()
    })
    if (!interrupt) return
    const freed = new Promise<void>((resolve) => (pending.free = resolve))
    interrupt.until(freed).catch((error: unknown) => {
      // One that is under way again finds out by itself.
      if (this.blocked.has(pending)) pending.fail(error)
    })
  }

  private wake(): void {
    clearTimeout(this.lookAgain)
    this.lookAgain = undefined
    if (this.blocked.size === 0) return
    this.queue = [...this.blocked, ...this.queue]
    for (const pending of this.blocked) pending.free()
    this.blocked.clear()
    this.schedule()
  }

  private schedule(): void {
    if (this.underWay || this.queue.length === 0) return
    const wait = this.queue.length < this.expected.writes ? this.expected.until - performance.now() : 0
    if (wait > 0) this.late ??= setTimeout(() => this.begin(), wait)
    else this.begin()
  }

  /** Expects those that were answered and those that wait, for no longer than the last commit took, nor than a slice. */
  private expect(started: readonly Pending[], took: number): void {
    const clients = started.filter((pending) => !this.blocked.has(pending)).length + this.queue.length
    this.expected = { writes: clients < SEVERAL ? 0 : clients, until: performance.now() + Math.min(took, SLICE_MS) }
  }

  private begin(): void {
    clearTimeout(this.late)
    this.late = undefined
    this.underWay = true
    setImmediate(() => void this.commit())
  }

  /** One commit at a time: what arrives while it is under way shares the next. */
  private async commit(): Promise<void> {
    const started: Pending[] = []
    const since = performance.now()
    const until = since + SLICE_MS
    let full = false
    try {
      await this.store.write((writer) => {
        do {
          const pending = this.queue.shift()
          if (!pending) break
          started.push(pending)
          const began = performance.now()
          pending.run(writer)
          if (this.blocked.has(pending)) this.costOfLook += performance.now() - began
        } while (performance.now() < until)
        full = this.queue.length > 0
        this.prepare(writer)
      })
      const changed = this.committed()
      for (const pending of started) pending.settle()
      if (changed) this.lookSoon()
    } catch (error) {
      this.undone()
      // A commit that could not even begin fails all that wait for it; they would wait for ever.
      const failed = started.length > 0 ? started : this.queue.splice(0)
      for (const pending of failed) pending.fail(commitFailed(error))
    }
    this.underWay = false
    if (full) this.expected.writes = 0
    else this.expect(started, performance.now() - since)
    this.schedule()
  }

  private lookSoon(): void {
    if (this.lookAgain || this.blocked.size === 0) return
    const ms = Math.max(LOOK_AGAIN.ms, this.costOfLook * LOOK_AGAIN.timesItsCost)
    this.costOfLook = 0
    this.lookAgain = setTimeout(() => this.wake(), ms)
  }
}

const stopping = () => new CommandError(11600, 'InterruptedAtShutdown', 'the server is stopping')

/** What a statement is answered when its commit failed: nothing of it is stored. */
export class CommitFailed extends CommandError {}

function commitFailed(error: unknown): CommitFailed {
  const problem = error instanceof StoreError ? error.problem : 'other'
  const text = error instanceof Error ? error.message : String(error)
  if (problem === 'full') return new CommitFailed(14031, 'OutOfDiskSpace', `the disk is full: ${text}`)
  // Not MongoDB's older code 20: drivers take it for a server without retryable writes, and hide the reason.
  if (problem === 'readOnly') return new CommitFailed(371, 'UserWritesBlocked', `User writes blocked: ${text}`)
  return new CommitFailed(1, 'InternalError', `the commit failed: ${text}`)
}
