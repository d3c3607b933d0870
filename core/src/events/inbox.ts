import { durable } from '../data/durable.ts'
import { ObjectId } from './object-id.ts'
import type { Connection } from 'mongoose'

/** What a consumer group knows about one event that it has seen. */
export interface InboxEntry {
  readonly event: ObjectId
  readonly state: 'done' | 'waiting' | 'dead'
  readonly attempts: number
  /** When to try again. */
  readonly nextAt?: Date
}

interface InboxDocument extends InboxEntry {
  /** `<group>|<event id>`: the key that makes a second handling visible. */
  _id: string
  group: string
}

interface PositionDocument {
  _id: string
  after: ObjectId
}

/** Handled and waiting events of one consumer group in one region, kept in that region's database. */
export class Inbox {
  readonly #connection: Connection
  readonly #group: string

  constructor(connection: Connection, group: string) {
    this.#connection = connection
    this.#group = group
  }

  get #entries() {
    return this.#connection.collection<InboxDocument>('inbox', durable)
  }

  get #positions() {
    return this.#connection.collection<PositionDocument>('inbox_positions', durable)
  }

  async prepare(): Promise<void> {
    await this.#entries.createIndex({ group: 1, event: 1 })
  }

  /** Every event up to here is finished. */
  async position(): Promise<ObjectId> {
    return (await this.#positions.findOne({ _id: this.#group }))?.after ?? new ObjectId('0'.repeat(24))
  }

  /** Moves the position forward and forgets the entries behind it. */
  async advance(after: ObjectId): Promise<void> {
    await this.#positions.updateOne({ _id: this.#group }, { $set: { after } }, { upsert: true })
    await this.#entries.deleteMany({ group: this.#group, event: { $lte: after } })
  }

  /** Entries by event id, from the first to the last event, both included. */
  async entries(first: ObjectId, last: ObjectId): Promise<Map<string, InboxEntry>> {
    const found = await this.#entries.find({ group: this.#group, event: { $gte: first, $lte: last } }).toArray()
    return new Map(found.map((entry) => [entry.event.toHexString(), entry]))
  }

  async record(entries: readonly InboxEntry[]): Promise<void> {
    if (entries.length === 0) return
    const operations = entries.map((entry) => {
      const _id = `${this.#group}|${entry.event.toHexString()}`
      return { replaceOne: { filter: { _id }, replacement: { group: this.#group, ...entry }, upsert: true } }
    })
    await this.#entries.bulkWrite(operations, { ordered: false })
  }
}
