import type { Engine } from '../engine.ts'
import type { Interrupt } from '../interrupt.ts'
import type { Batch } from './batch.ts'

/** Lets a source that ends nowhere read again after each commit, until there is something to give out or the wait is over. */
export class CommitFollower {
  private readonly engine: Engine
  private closed = false
  private cancelWait: () => void = () => undefined

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** Fills a batch by `read`, which answers whether nothing will ever follow; so does this. */
  async fill(batch: Batch, interrupt: Interrupt, read: () => Promise<boolean>): Promise<boolean> {
    const until = performance.now() + batch.waitMs
    for (;;) {
      // Asked for before reading, so that no commit is missed in between.
      const commit = this.engine.nextCommit()
      this.cancelWait = () => commit.cancel()
      try {
        if (await read()) return true
        const left = until - performance.now()
        if (batch.count > 0 || left <= 0 || this.closed) return false
        await interrupt.wait(commit, left)
      } finally {
        commit.cancel()
      }
    }
  }

  /** Ends the wait at hand and every later one. */
  close(): void {
    this.closed = true
    this.cancelWait()
  }
}
