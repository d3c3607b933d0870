import type { Connection } from 'mongoose'
import { durable } from '../data/durable.ts'
import type { Clock } from '../ports.ts'
import { isDuplicateKey } from '../data/duplicate-key.ts'

interface LeaseDocument {
  _id: string
  holder: string
  token: number
  until: Date
}

/** A right that one node holds for a time. */
export interface Lease {
  readonly name: string
  /** Grows with every change of hands: a writer with a smaller one is out of date. */
  readonly token: number
  readonly until: Date
}

/** Named leases in the core database. A node gets back at once what it held before a crash: `holder` outlives the process. */
export class Leases {
  readonly #connection: Connection
  readonly #holder: string
  readonly #clock: Clock

  constructor(connection: Connection, holder: string, clock: Clock) {
    this.#connection = connection
    this.#holder = holder
    this.#clock = clock
  }

  get #leases() {
    return this.#connection.collection<LeaseDocument>('leases', durable)
  }

  /** Takes or renews a lease; undefined while another node holds it. */
  async acquire(name: string, ttlMs: number): Promise<Lease | undefined> {
    const now = this.#clock.now()
    const until = new Date(now.getTime() + ttlMs)
    try {
      const taken = await this.#leases.findOneAndUpdate(
        { _id: name, $or: [{ holder: this.#holder }, { until: { $lt: now } }] },
        { $set: { holder: this.#holder, until }, $inc: { token: 1 } },
        { upsert: true, returnDocument: 'after' },
      )
      return taken ? { name, token: taken.token, until } : undefined
    } catch (error) {
      // The upsert met a lease that the filter excludes: somebody else holds it.
      if (isDuplicateKey(error)) return undefined
      throw error
    }
  }

  /** How long it still holds, by the clock that it was dated by, ms. */
  leftMs(lease: Lease | undefined): number {
    return (lease?.until.getTime() ?? 0) - this.#clock.now().getTime()
  }

  /** Holds on to a lease with the same token. @returns false when it changed hands */
  async renew({ name, token }: Lease, ttlMs: number): Promise<boolean> {
    const until = new Date(this.#clock.now().getTime() + ttlMs)
    const renewed = await this.#leases.updateOne({ _id: name, holder: this.#holder, token }, { $set: { until } })
    return renewed.matchedCount === 1
  }

  /** Lets a lease run out now, unless it changed hands since; the token stays, so that it never falls. */
  async release(lease: Lease): Promise<void> {
    await this.#leases.updateOne(
      { _id: lease.name, holder: this.#holder, token: lease.token },
      { $set: { until: new Date(0) } },
    )
  }
}
