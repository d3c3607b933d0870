import type { DomainEvent } from '@dcesop/sdk-plugin'
import { EventEmitter } from 'node:events'
import type { ClientSession } from 'mongodb'
import type { Connection, mongo } from 'mongoose'
import { durable } from '../data/durable.ts'
import type { Clock, DataPlatform } from '../ports.ts'
import { EventIds } from './event-ids.ts'
import { ObjectId } from './object-id.ts'

/** An event as it lies in a region's outbox; `_id` grows with time and orders the events of a key. */
export interface OutboxDocument {
  readonly _id: ObjectId
  readonly topic: string
  readonly key: string
  readonly at: Date
  readonly publisher: string
  readonly payload: unknown
}

/** Events kept in the database of their region, in the publisher's transaction where it has one. */
export class Outbox {
  readonly #data: DataPlatform
  /** Ids of what is published, and the time by which all that concerns events goes. */
  readonly ids: EventIds
  /** Topics of what open sessions published. */
  readonly #published = new WeakMap<ClientSession, Set<string>>()
  /** `published` with the topic: wakes the consumers of this node; the others find it by polling. */
  readonly wake = new EventEmitter()

  constructor(data: DataPlatform, clock: Clock) {
    this.#data = data
    this.ids = new EventIds(clock)
    this.wake.setMaxListeners(0)
  }

  get regions(): DataPlatform['regions'] {
    return this.#data.regions
  }

  async prepare(): Promise<void> {
    for (const region of this.#data.regions) {
      await this.events(region).createIndex({ topic: 1, _id: 1 })
      const newest = await this.events(region).findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } })
      if (newest) this.ids.goOnAfter(newest._id)
    }
  }

  events(region: string) {
    return outboxOf(this.#data.region(region))
  }

  connection(region: string): Connection {
    return this.#data.region(region)
  }

  /** Durable when it resolves; in a transaction, when the transaction commits. */
  async append(publisher: string, event: Omit<DomainEvent, 'id' | 'at'>, session?: ClientSession): Promise<void> {
    const { region, topic, key, payload } = event
    const document: OutboxDocument = { _id: this.ids.next(), topic, key, at: this.ids.now(), publisher, payload }
    await this.events(region).insertOne(document, session ? { session: session as unknown as mongo.ClientSession } : {})
    if (session) this.#wakeAfter(session, topic)
    else this.wake.emit('published', topic)
  }

  /** Once for each topic, however many events the session publishes. */
  #wakeAfter(session: ClientSession, topic: string): void {
    const known = this.#published.get(session)
    if (known) return void known.add(topic)
    const topics = new Set([topic])
    this.#published.set(session, topics)
    session.once('ended', () => {
      for (const one of topics) this.wake.emit('published', one)
    })
  }

  /** Forgets events older than `before`. */
  async prune(before: Date): Promise<void> {
    const oldest = ObjectId.createFromTime(Math.floor(before.getTime() / 1000))
    for (const region of this.#data.regions) await this.events(region).deleteMany({ _id: { $lt: oldest } })
  }
}

function outboxOf(connection: Connection) {
  return connection.collection<OutboxDocument>('outbox', durable)
}
