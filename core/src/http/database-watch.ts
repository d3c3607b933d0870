import { type Disposable, Problem, toDisposable } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import type { Log, ReadinessProbe } from '../ports.ts'

const everyMs = 1_000
/** Looks without a good answer until it is away. */
const patience = 3
/** What asks the database before anything else: who it is, at least. */
const needsDatabase = /^\/(api|oauth)\//
/** One for all: a stack for each would cost more than the answer. */
const away = new Problem(503, 'unavailable', 'The database cannot be used at the moment.', { retryAfter: 5 })

/**
 * Refuses at the door what could only wait for a database that does not answer: requests would pile up for as long as it hangs, and
 * their clients would not be told. A shorter pause is waited for.
 */
export class DatabaseWatch {
  readonly #probe: ReadinessProbe
  readonly #log: Log
  #away = false
  #asking = false
  /** Looks in a row that found no answer, or a bad one. An event loop that was held explains one of them. */
  #missed = 0

  constructor(probe: ReadinessProbe, log: Log) {
    this.#probe = probe
    this.#log = log
  }

  /** Looks once a second until disposed. */
  watch(): Disposable {
    const timer = setInterval(() => this.look(), everyMs).unref()
    return toDisposable(() => clearInterval(timer))
  }

  /** @returns the answer to a request that is not taken */
  refusal({ url = '' }: IncomingMessage): Problem | undefined {
    return this.#away && needsDatabase.test(url) ? away : undefined
  }

  /** Asks, unless it has not answered yet: a question that hangs holds a connection. */
  look(): void {
    if (this.#asking) return this.#miss()
    this.#asking = true
    void this.#ask()
  }

  async #ask(): Promise<void> {
    const { ready } = await this.#probe.check().catch(() => ({ ready: false }))
    this.#asking = false
    if (!ready) return this.#miss()
    this.#missed = 0
    if (this.#away) this.#log.info({}, 'the database answers again')
    this.#away = false
  }

  #miss(): void {
    this.#missed += 1
    if (this.#missed < patience || this.#away) return
    this.#away = true
    this.#log.error({}, 'the database does not answer; requests that need it are refused')
  }
}
