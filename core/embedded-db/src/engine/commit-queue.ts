import { CommandError } from '../errors.ts'
import { StoreError } from '../store/store-error.ts'
import type { Store, Writer } from '../store/store.ts'
import type { Interrupt } from './interrupt.ts'
import { Blocked } from './write-context.ts'

interface Pending {
  run(writer: Writer): void
  settle(): void
  fail(error: unknown): void
}

/** A failure of the store itself: the commit at hand is undone as a whole. */
export class StoreFailure extends Error {
  constructor(cause: unknown) {
    super(`the store failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** How long one commit may run before other requests get their turn (ms). */
export const SLICE_MS = 4

/**
 * Group commit: writes that arrive in one turn of the event loop share one commit of the store, and each is answered
 * when that commit is done. An action that throws undoes nothing of its own, so it must check before it puts.
 */
export class CommitQueue {
  private readonly store: Store
  private readonly prepare: (writer: Writer) => void
  private readonly committed: () => void
  private readonly undone: () => void
  private queue: Pending[] = []
  private scheduled = false
  private closed = false

  /** `prepare` ends each commit, `committed` follows it, `undone` follows one that failed. */
  constructor(store: Store, hooks: { prepare: (writer: Writer) => void; committed: () => void; undone: () => void }) {
    this.store = store
    this.prepare = hooks.prepare
    this.committed = hooks.committed
    this.undone = hooks.undone
  }

  /** Runs `action` in the next commit; waits and runs it again when an open transaction blocks it, until `interrupt` ends that. */
  async submit<T>(action: (writer: Writer) => T, interrupt?: Interrupt): Promise<T> {
    for (;;) {
      try {
        return await this.enqueue(action)
      } catch (error) {
        if (!(error instanceof Blocked)) throw error
        await (interrupt ? interrupt.until(error.until) : error.until)
      }
    }
  }

  /** Takes no more writes, and resolves when those it took are done: a closed store would end the process. */
  async close(): Promise<void> {
    const last = this.enqueue(() => undefined)
    this.closed = true
    await last
  }

  private enqueue<T>(action: (writer: Writer) => T): Promise<T> {
    if (this.closed) return Promise.reject(new CommandError(11600, 'InterruptedAtShutdown', 'the server is stopping'))
    return new Promise<T>((resolve, reject) => {
      let settle: (() => void) | undefined
      this.queue.push({
        run: (writer) => {
          try {
            const value = action(writer)
            settle = () => resolve(value)
          } catch (error) {
            if (error instanceof StoreFailure) throw error
            settle = () => reject(error)
          }
        },
        settle: () => settle?.(),
        fail: reject,
      })
      this.schedule()
    })
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => void this.commit())
  }

  /** One commit at a time: what arrives while it is under way shares the next. */
  private async commit(): Promise<void> {
    const started: Pending[] = []
    const until = performance.now() + SLICE_MS
    try {
      await this.store.write((writer) => {
        do {
          const pending = this.queue.shift()
          if (!pending) break
          started.push(pending)
          pending.run(writer)
        } while (performance.now() < until)
        this.prepare(writer)
      })
      this.committed()
      for (const pending of started) pending.settle()
    } catch (error) {
      this.undone()
      // A commit that could not even begin fails all that wait for it; they would wait for ever.
      const failed = started.length > 0 ? started : this.queue.splice(0)
      for (const pending of failed) pending.fail(commitFailed(error))
    }
    this.scheduled = false
    if (this.queue.length > 0) this.schedule()
  }
}

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
