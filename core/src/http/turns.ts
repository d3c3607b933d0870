import type { Problem } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'

/** For so long one turn of the event loop begins requests, ms; while a crowd connects only one in so many turns, as each takes one of it. */
const slice = { usualMs: 5, crowdMs: 0, crowdTurns: 4 }
/** That share of what a turn did beside, it refuses, so that what is under way goes on; within these, ms. */
const refusing = { share: 0.5, leastMs: 1, mostMs: 10 }
/** What an operator or a load balancer asks just when there is too much to do. */
export const alwaysAnswered = /^\/(healthz|readyz|metrics)(\?|$)/

/** @param waiting requests of the process that have not begun @param waitedMs this one @returns the answer to one that is not taken */
type Refusal = (request: IncomingMessage, waiting: number, waitedMs: number) => Problem | undefined

/** @param refused the answer, when the request is not taken */
type Work = (refused?: Problem) => void

interface Waiting {
  readonly request: IncomingMessage
  readonly work: Work
  readonly at: number
}

/** The event loop's clock, ms, and its next turn. */
export interface LoopTurns {
  now(): number
  next(work: () => void): void
}

const ownTurns: LoopTurns = { now: () => performance.now(), next: (work) => void setImmediate(work) }

/**
 * Begins requests in slices. libuv reads up to 48 times 1024 sockets before it looks at anything else: a thousand clients who ask
 * again as soon as they are answered would keep everybody else, timers included, waiting for seconds. What waits here has not been
 * answered, so its client sends nothing more, and the turn comes to its end.
 */
export class Turns {
  readonly #refusal: Refusal
  readonly #loop: LoopTurns
  readonly #waiting: Waiting[] = []
  readonly #urgent: Waiting[] = []
  /** End of the slice of this turn; undefined before its first request. */
  #until: number | undefined
  /** When the last turn had begun and refused what it could. */
  #ended = 0
  #connecting = false
  /** Turns in which nothing began, as others connected. */
  #passed = 0

  constructor(refusal: Refusal = () => undefined, loop = ownTurns) {
    this.#refusal = refusal
    this.#loop = loop
  }

  /** A connection was taken; more may wait to be. */
  connected(): void {
    this.#connecting = true
  }

  /** Begins a request, or refuses it: at once, or in one of the next turns. */
  begin(request: IncomingMessage, work: Work): void {
    if (this.#until === undefined) {
      this.#until = this.#loop.now() + this.#takeSlice()
      this.#ended = this.#loop.now()
      this.#loop.next(() => this.#next())
    }
    if (!this.#isAny && this.#loop.now() < this.#until) return work(this.#refusal(request, 0, 0))
    const queue = alwaysAnswered.test(request.url ?? '') ? this.#urgent : this.#waiting
    queue.push({ request, work, at: this.#loop.now() })
  }

  get #isAny(): boolean {
    return this.#waiting.length > 0 || this.#urgent.length > 0
  }

  #takeSlice(): number {
    const ms = this.#connecting ? slice.crowdMs : slice.usualMs
    this.#connecting = false
    return ms
  }

  #next(): void {
    if (!this.#isAny) return void (this.#until = undefined)
    this.#loop.next(() => this.#next())
    const begun = this.#loop.now()
    const ms = this.#takeSlice()
    for (const { work } of this.#urgent.splice(0)) work()
    this.#passed = ms === 0 ? this.#passed + 1 : 0
    if (this.#passed % slice.crowdTurns === 0) {
      const beside = (begun - this.#ended) * refusing.share
      const refusingMs = Math.min(refusing.mostMs, Math.max(refusing.leastMs, beside))
      const anyRefused = this.#refuse(begun + (ms > 0 ? refusingMs : 0))
      this.#take(this.#loop.now() + ms, anyRefused)
    }
    this.#ended = this.#loop.now()
  }

  /** Who has waited longest, where somebody must be. @returns whether anybody was */
  #refuse(until: number): boolean {
    let any = false
    while (this.#waiting.length > 1 && (!any || this.#loop.now() < until)) {
      const [{ request, work, at }] = this.#waiting as [Waiting]
      const problem = this.#refusal(request, 0, this.#loop.now() - at)
      if (!problem) return any
      any = true
      this.#waiting.shift()
      work(problem)
    }
    return any
  }

  /** At least one, and in a flood those who came last: in their order, all who are taken would be late. */
  #take(until: number, newestFirst: boolean): void {
    do {
      const next = newestFirst ? this.#waiting.pop() : this.#waiting.shift()
      next?.work(this.#refusal(next.request, this.#waiting.length, this.#loop.now() - next.at))
    } while (this.#waiting.length > 0 && this.#loop.now() < until)
  }
}
