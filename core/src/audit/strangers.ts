import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { IncomingMessage } from 'node:http'
import type { AuditPort } from '../ports.ts'
import { denial } from './denial.ts'

interface Seen {
  /** Since the last record. */
  times: number
  /** The request of the first record, without what makes it one request of many. */
  readonly about: Omit<ReturnType<typeof denial>, 'traceId' | 'resource'>
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
    const { traceId, resource, address, ...rest } = denial(request, undefined, { reason })
    const own = `${reason} ${clientAddress(request)}`
    const isOne = this.#seen.has(own) || this.#seen.size < mostAddresses
    const key = isOne ? own : `${reason} ${elsewhere}`
    const seen = this.#seen.get(key)
    if (seen) return void (seen.times += 1)
    const about = isOne ? { ...rest, address } : rest
    this.#follow(key, { times: 0, about })
    await this.#audit.append({ ...about, address, traceId, resource }).catch((error: unknown) => {
      this.#seen.delete(key)
      throw error
    })
  }

  #follow(key: string, seen: Seen): void {
    this.#seen.set(key, seen)
    setTimeout(() => void this.#tell(key, seen), windowMs).unref()
  }

  /** What cannot be recorded now is told a minute later. */
  async #tell(key: string, seen: Seen): Promise<void> {
    if (this.#seen.get(key) !== seen) return
    const { times, about } = seen
    if (times === 0) return void this.#seen.delete(key)
    await this.#audit.append({ ...about, details: { times } }).then(
      () => (seen.times -= times),
      () => undefined,
    )
    this.#follow(key, seen)
  }
}
