const firstPauseMs = 250
/** Each start costs the neighbours some of the processor: soon once, then seldom. */
const growth = 3
const longestPauseMs = 300_000
const defaultMostEnds = 5
const windowMs = 300_000

/** When a process that ended is started again: with growing pauses, and not for ever. */
export class Restarts {
  #ends: number[] = []
  #timer: NodeJS.Timeout | undefined
  readonly #mostEnds: number

  /** @param mostEnds of a process within the window until it is given up */
  constructor(mostEnds = defaultMostEnds) {
    this.#mostEnds = mostEnds
  }

  /** Counts an end. @param now monotonic, ms @returns the pause in ms, undefined when it is not to be started again */
  next(now: number): number | undefined {
    this.#ends = [...this.#ends.filter((end) => end > now - windowMs), now]
    if (this.#ends.length >= this.#mostEnds) return undefined
    return Math.min(firstPauseMs * growth ** (this.#ends.length - 1), longestPauseMs)
  }

  after(pauseMs: number, again: () => Promise<void>): void {
    this.#timer = setTimeout(() => void again(), pauseMs)
  }

  cancel(): void {
    clearTimeout(this.#timer)
  }
}
