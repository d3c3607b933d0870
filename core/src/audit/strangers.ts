import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { IncomingMessage } from 'node:http'
import type { AuditPort, AuditRecord } from '../ports.ts'
import { denial } from './denial.ts'

interface Seen {
  /** Since the last record. */
  times: number
  timer?: NodeJS.Timeout
  /** What all of them have in common. */
  readonly about: AuditRecord
}

const windowMs = 60_000
/** Addresses that are counted each for itself; who has more of them than that is counted as one. */
const mostAddresses = 1_000
const elsewhere = 'elsewhere'

/**
 * Puts requests without a valid session or token on record: the first of an address at once, those that follow within a minute as
 * their number, so that a flood is a record a minute.
 */
export class Strangers {
  readonly #audit: AuditPort
  readonly #seen = new Map<string, Seen>()

  constructor(audit: AuditPort) {
    this.#audit = audit
  }

  /** To be awaited before the refusal. */
  async refused(request: IncomingMessage): Promise<void> {
    const reason = request.headers.authorization === undefined ? 'session' : 'token'
    const address = clientAddress(request)
    const isOne = this.#seen.has(`${reason} ${address}`) || this.#seen.size < mostAddresses
    const key = `${reason} ${isOne ? address : elsewhere}`
    const seen = this.#seen.get(key)
    if (seen) return void (seen.times += 1)
    const record = denial(request, undefined, { reason })
    const { action, outcome, actor } = record
    this.#follow(key, { times: 0, about: { action, outcome, actor, reason, ...(isOne ? { address } : {}) } })
    await this.#audit.append(record).catch((error: unknown) => {
      this.#seen.delete(key)
      throw error
    })
  }

  /** Records what was counted since the last minute. */
  async close(): Promise<void> {
    const counted = [...this.#seen]
    this.#seen.clear()
    for (const [, { timer }] of counted) clearTimeout(timer)
    await Promise.all(counted.map(([, seen]) => this.#record(seen)))
  }

  #follow(key: string, seen: Seen): void {
    this.#seen.set(key, seen)
    seen.timer = setTimeout(() => void this.#tell(key, seen), windowMs)
    seen.timer.unref()
  }

  /** What cannot be recorded now is told a minute later. */
  async #tell(key: string, seen: Seen): Promise<void> {
    if (this.#seen.get(key) !== seen) return
    if (seen.times === 0) return void this.#seen.delete(key)
    await this.#record(seen).catch(() => undefined)
    if (this.#seen.get(key) === seen) this.#follow(key, seen)
  }

  async #record(seen: Seen): Promise<void> {
    const { times, about } = seen
    if (times === 0) return
    seen.times = 0
    await this.#audit.append({ ...about, details: { times } }).catch((error: unknown) => {
      seen.times += times
      throw error
    })
  }
}
