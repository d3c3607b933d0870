import { type Disposable, Problem, toDisposable } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import type { Log } from '../ports.ts'

const everyMs = 100
/** Share of its time that the event loop works from which on it has none left. */
const saturated = 0.97
/** How much of the past is left in a figure after each sample: half of it after two samples. */
const memory = 0.7
/** How long a request may wait for those before it, s. */
const longestWait = 0.3
/** So few are never too many: what they wait for is not each other. */
const fewRequests = 300
/** What an operator or a load balancer asks in just this situation. */
const alwaysAnswered = new Set(['/healthz', '/readyz', '/metrics'])

/** Requests of the process: not answered yet, and answered since its start. */
export interface Requests {
  readonly underWay: number
  readonly answered: number
}

/**
 * Refuses new requests while the process has no time left and those under way are more than it answers in a third of a second, so that
 * what it takes is answered soon. Requests that wait for something else, a slow plugin for example, leave it time and do not count.
 */
export class Overload {
  readonly #requests: () => Requests
  readonly #log: Log
  #utilization = 0
  #perSecond = 0
  #refused = 0
  #served = 0
  #most = Infinity
  #since: number | undefined

  constructor(requests: () => Requests, log: Log) {
    this.#requests = requests
    this.#log = log
  }

  /** Watches the event loop until disposed. */
  watch(): Disposable {
    let [before, last] = [performance.eventLoopUtilization(), performance.now()]
    const timer = setInterval(() => {
      const [used, now] = [performance.eventLoopUtilization(), performance.now()]
      this.sample(performance.eventLoopUtilization(used, before).utilization, (now - last) / 1000)
      before = used
      last = now
    }, everyMs).unref()
    return toDisposable(() => clearInterval(timer))
  }

  /** @param utilization share of the last `seconds` that the event loop worked */
  sample(utilization: number, seconds: number): void {
    const served = this.#requests().answered - this.#refused
    this.#utilization = smooth(this.#utilization, utilization)
    this.#perSecond = smooth(this.#perSecond, (served - this.#served) / seconds)
    this.#served = served
    this.#most = this.#utilization < saturated ? Infinity : Math.max(fewRequests, this.#perSecond * longestWait)
    this.#tell()
  }

  /** @returns the answer to a request that is not taken */
  refusal({ url = '' }: IncomingMessage): Problem | undefined {
    if (this.#requests().underWay <= this.#most || alwaysAnswered.has(url)) return undefined
    this.#refused += 1
    return new Problem(503, 'unavailable', 'The server has more requests than it can answer.', { retryAfter: 1 })
  }

  /** Once for each time, and not for each request. */
  #tell(): void {
    const { underWay } = this.#requests()
    const perSecond = Math.round(this.#perSecond)
    if (this.#since === undefined && underWay > this.#most) {
      this.#since = this.#refused
      this.#log.warn({ underWay, perSecond }, 'overloaded; new requests are refused')
    } else if (this.#since !== undefined && this.#most === Infinity) {
      this.#log.info({ refused: this.#refused - this.#since }, 'no longer overloaded')
      this.#since = undefined
    }
  }
}

function smooth(before: number, now: number): number {
  return before * memory + now * (1 - memory)
}
