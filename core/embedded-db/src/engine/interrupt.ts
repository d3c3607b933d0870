import { CommandError } from '../errors.ts'
import { looksAtClock } from '../aggregate/pacer.ts'
import type { Rests } from '../aggregate/pacer.ts'
import { searchedMs } from '../values/bounded-regex.ts'

/** What a timer takes at most. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** How long one read may run before other requests get their turn (ms); a pipeline behind it takes as long again. */
const READ_SLICE_MS = 2

export function timeExceeded(): CommandError {
  return new CommandError(50, 'MaxTimeMSExpired', 'operation exceeded time limit')
}

/** What may end an operation before its time: its own limit, or a kill. */
export class Interrupt {
  private deadline: number
  private killed: CommandError | undefined
  private abandoned: CommandError | undefined
  private wake: () => void = () => undefined

  /** @param since when the limit began to count, on the clock of `performance` */
  constructor(maxTimeMS: number | undefined, since = performance.now()) {
    this.deadline = maxTimeMS ? since + maxTimeMS : Number.POSITIVE_INFINITY
  }

  /** Milliseconds that are left; Infinity without a limit. */
  get timeLeft(): number {
    return this.deadline - performance.now()
  }

  /** Gives it no more than so many milliseconds from now. */
  limit(ms: number): void {
    this.deadline = Math.min(this.deadline, performance.now() + ms)
  }

  kill(error: CommandError): void {
    this.killed ??= error
    this.wake()
  }

  /** Lets it wait for nothing more that others decide on; what it does goes on. */
  abandon(error: CommandError): void {
    this.abandoned ??= error
    this.wake()
  }

  /** Waits for `event`, at most `ms`, and no longer than until a kill. */
  async wait(event: { done: Promise<void>; cancel(): void }, ms: number): Promise<void> {
    const timer = setTimeout(() => event.cancel(), ms)
    this.wake = () => event.cancel()
    await event.done
    clearTimeout(timer)
    this.wake = () => undefined
    this.check()
  }

  /** Waits for an event that others decide on. @throws as {@link check} when the limit, a kill or the reason it is abandoned for comes first */
  async until(event: Promise<void>): Promise<void> {
    let happened = false
    let cancel: () => void = () => undefined
    void event.then(() => {
      happened = true
      cancel()
    })
    // A timer may fire a millisecond early, before the limit is past.
    while (!happened) {
      if (this.abandoned) throw this.abandoned
      const done = new Promise<void>((resolve) => (cancel = resolve))
      await this.wait({ done, cancel }, Math.min(LONGEST_TIMER_MS, Math.ceil(this.timeLeft)))
    }
  }

  /** @throws CommandError 50 past the limit, or the reason of the kill */
  check(): void {
    if (this.killed) throw this.killed
    if (performance.now() > this.deadline) throw timeExceeded()
  }
}

/** Lets other requests run when this one has had its slice of the thread; checks the interrupt each time. */
export class Turns implements Rests {
  private readonly interrupt: Interrupt
  private sliceEnd = performance.now() + READ_SLICE_MS
  private steps = 0

  constructor(interrupt: Interrupt) {
    this.interrupt = interrupt
  }

  /** Whether the slice is used up; cheap enough to ask for every document. */
  get over(): boolean {
    return (looksAtClock(++this.steps) || searchedMs() > READ_SLICE_MS) && performance.now() > this.sliceEnd
  }

  /** A promise to wait for when the slice is used up. */
  rest(): Promise<void> | undefined {
    return performance.now() > this.sliceEnd ? this.next() : undefined
  }

  step(): Promise<void> | undefined {
    return this.over ? this.next() : undefined
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.interrupt.check()
    this.sliceEnd = performance.now() + READ_SLICE_MS
    this.steps = 0
  }
}
