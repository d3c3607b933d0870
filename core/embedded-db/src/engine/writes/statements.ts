import { CommandError, isInterruption } from '../../errors.ts'
import { SLICE_MS } from '../commit-queue.ts'
import type { Interrupt } from '../interrupt.ts'
import type { WriteContext } from '../write-context.ts'
import type { WriteMode } from './mode.ts'
import type { StatementLog } from './retry.ts'

/** What a statement answers that is too long for the commit at hand; it has changed nothing. */
export const LATER = Symbol('later')

/** One statement of a write command, compiled. */
export interface Statement<T> {
  /** Does it within the commit at hand, by the time given. */
  within(context: WriteContext, until: number): T | typeof LATER
  /** Does it in as many commits of its own as it needs. */
  alone(): Promise<T>
}

export interface Statements<T> {
  mode: WriteMode
  interrupt: Interrupt
  log: StatementLog
  count: number
  /** Whether the first error ends the command. */
  ordered: boolean
  /** @throws CommandError, which belongs to this statement alone */
  compile(index: number): Statement<T>
  done(index: number, value: T): void
  failed(index: number, error: CommandError): void
}

/**
 * Runs the statements of a command one after the other, as many to a commit as its time allows. Those before an error
 * stay done; in a transaction an error is thrown and ends it, and outside of one so does what interrupts the command.
 */
export async function runStatements<T>(all: Statements<T>): Promise<void> {
  const { mode, interrupt, log } = all
  let next = 0
  let statement: Statement<T> | undefined
  const finish = (value: T): void => {
    all.done(next++, value)
    statement = undefined
  }
  const fail = (error: unknown): void => {
    if (!(error instanceof CommandError) || mode.transactional || isInterruption(error)) throw error
    all.failed(next, error)
    next = all.ordered ? all.count : next + 1
    statement = undefined
  }
  /** Runs the next statements in a commit; false when the first of them is too long for one. */
  const runSome = (context: WriteContext): boolean => {
    const until = performance.now() + SLICE_MS
    const first = next
    while (next < all.count && (next === first || performance.now() < until)) {
      try {
        // One that a transaction stopped is taken up where it was.
        statement ??= all.compile(next)
        const value = statement.within(context, until)
        if (value === LATER) return next > first
        finish(value)
      } catch (error) {
        fail(error)
      }
    }
    return true
  }
  while (next < all.count) {
    interrupt.check()
    const fits = await mode.run((context) => {
      try {
        return runSome(context)
      } finally {
        // Also when another transaction stops the loop: what is done is in this commit.
        log.save(context)
      }
    })
    if (fits || !statement) continue
    try {
      finish(await (statement as Statement<T>).alone())
    } catch (error) {
      fail(error)
    }
  }
}
