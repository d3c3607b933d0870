import { type Disposable, Problem, toDisposable } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import type { Log } from '../ports.ts'
import { alwaysAnswered } from './turns.ts'

const everyMs = 50
/** Share of its time that the event loop works from which on it has none left. */
const saturated = 0.97
/** How much of the past is left in a figure after each look: half of it after seven. */
const memory = 0.9
/** The same of the best rate of late: half of it after seven seconds. */
const remembered = 0.995
/** So many looks for no time left, and for a flood; more than the third are not counted. */
const [noTime, flood, counted] = [2, 5, 20]
/** Refusals for each answer. */
const floodRatio = 0.5
/** What may wait beside the usual: so many seconds of work, and so few are never too many. */
const crowd = { seconds: 0.5, few: 300 }
const flooded = { seconds: 0.15, few: 30 }
/** One for all: a stack for each would cost more than the answer. */
const tooMany = new Problem(503, 'unavailable', 'The server has more requests than it can answer.', { retryAfter: 1 })

/** Requests of the process: not answered yet, and answered since its start. */
export interface Requests {
  readonly underWay: number
  readonly answered: number
}

/** The event loop's clock and how long it had nothing to do, ms since the start. */
export interface Loop {
  now(): number
  idle(): number
}

const ownLoop: Loop = { now: () => performance.now(), idle: () => performance.eventLoopUtilization().idle }

/**
 * Refuses new requests while the process has no time left and more wait than it answers soon: half a second of work, also of a crowd that
 * comes at once. When that turns many away for a quarter of a second, only as many are taken as keep the process busy, so that
 * refusals come soon as well. What waits for something else, for example a slow plugin, is usual and does not count.
 */
export class Overload {
  readonly #requests: () => Requests
  readonly #log: Log
  readonly #loop: Loop
  /** Of the last look. */
  #at
  #idle
  #served = 0
  #turnedAway = 0
  /** Looks that found no time left, and a flood; each that did not takes two of them back. */
  #full = 0
  #flood = 0
  /** Lately: the share of its time that the loop works, refusals and answers in a second, requests under way while there was time. */
  #busy = 0
  #refusing = 0
  #perSecond = 0
  #best = 0
  #usual = 0
  #most = Infinity
  #refused = 0
  #since: number | undefined

  constructor(requests: () => Requests, log: Log, loop = ownLoop) {
    this.#requests = requests
    this.#log = log
    this.#loop = loop
    this.#at = loop.now()
    this.#idle = loop.idle()
  }

  /** Watches the event loop until disposed. */
  watch(): Disposable {
    const timer = setInterval(() => this.look(), everyMs).unref()
    return toDisposable(() => clearInterval(timer))
  }

  /**
   * @param waiting requests that do not count, as they have not begun @param waitedMs how long this one has
   * @returns the answer to a request that is not taken
   */
  refusal({ url = '' }: IncomingMessage, waiting = 0, waitedMs = 0): Problem | undefined {
    // A timer is late just when there is much to do.
    this.look()
    const { underWay } = this.#requests()
    // So few are never too many, however slow the machine.
    const isLate = this.#full >= noTime && underWay > crowd.few && waitedMs > crowd.seconds * 1000
    const isTooMany = underWay - waiting > this.#most
    if (!(isLate || isTooMany) || alwaysAnswered.test(url)) return undefined
    this.#refused += 1
    return tooMany
  }

  /** Sees how it stands, unless it has just been seen. */
  look(): void {
    const now = this.#loop.now()
    const passed = now - this.#at
    if (passed < everyMs) return
    const idle = this.#loop.idle()
    const busy = 1 - (idle - this.#idle) / passed
    const { answered, underWay } = this.#requests()
    const served = answered - this.#refused
    const perSecond = 1000 / passed
    this.#busy = smooth(this.#busy, busy)
    this.#perSecond = smooth(this.#perSecond, (served - this.#served) * perSecond)
    this.#best = Math.max(this.#perSecond / this.#busy, this.#best * remembered)
    this.#refusing = smooth(this.#refusing, (this.#refused - this.#turnedAway) * perSecond)
    const isFull = busy >= saturated
    this.#full = count(this.#full, isFull)
    this.#flood = count(this.#flood, isFull && this.#refusing > this.#perSecond * floodRatio)
    if (this.#full === 0) this.#usual = smooth(this.#usual, underWay)
    const { seconds, few } = this.#flood < flood ? crowd : flooded
    // Not by what is answered just now: who lets in less because refusals take the time would answer less and less.
    this.#most = this.#full < noTime ? Infinity : this.#usual + Math.max(few, this.#best * seconds)
    this.#at = now
    this.#idle = idle
    this.#served = served
    this.#turnedAway = this.#refused
    this.#tell(underWay)
  }

  /** Once for each time, and not for each request. */
  #tell(underWay: number): void {
    if (this.#since === undefined && underWay > this.#most) {
      this.#since = this.#refused
      this.#log.warn({ underWay, perSecond: Math.round(this.#perSecond) }, 'overloaded; new requests are refused')
    } else if (this.#since !== undefined && this.#most === Infinity) {
      this.#log.info({ refused: this.#refused - this.#since }, 'no longer overloaded')
      this.#since = undefined
    }
  }
}

function smooth(before: number, now: number): number {
  return before * memory + now * (1 - memory)
}

function count(before: number, found: boolean): number {
  return found ? Math.min(counted, before + 1) : Math.max(0, before - 2)
}
