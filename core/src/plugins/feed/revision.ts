import type { Connection } from 'mongoose'
import { durable } from '../../data/durable.ts'

interface Counter {
  _id: string
  revision: number
}

/** Number of the feed: grows with each change and never falls, over restarts too. */
export class FeedRevision {
  readonly #connection: Connection
  #current = 0

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get current(): number {
    return this.#current
  }

  async next(): Promise<number> {
    const counters = this.#connection.collection<Counter>('plugin_feed', durable)
    const found = await counters.findOneAndUpdate(
      { _id: 'feed' },
      { $inc: { revision: 1 } },
      { upsert: true, returnDocument: 'after' },
    )
    this.#current = found?.revision ?? this.#current
    return this.#current
  }
}
