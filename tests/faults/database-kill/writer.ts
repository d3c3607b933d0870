import type { MongoClient } from 'mongodb'
import { randomFrom } from '../../support/random.ts'
import { ACCOUNTS, type Collections, collectionsOf, type Event, onlyOutage, type Told } from './told.ts'

class GiveUp extends Error {}

/** One of the writers: a stream of writes of every kind, remembering exactly what it was told. */
export class Writer {
  private readonly client: MongoClient
  private readonly collections: Collections
  private readonly told: Told
  private readonly id: number
  private readonly random: () => number
  private serial = 0

  constructor(client: MongoClient, told: Told, id: number, seed: number) {
    this.client = client
    this.collections = collectionsOf(client.db('kill'))
    this.told = told
    this.id = id
    this.random = randomFrom(seed * 1000 + id)
  }

  /** Writes until told to stop. @throws what a killed server does not explain */
  async run(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const draw = this.random()
      if (draw < 0.3) await this.insert(1)
      else if (draw < 0.4) await this.insert(2 + this.below(5))
      else if (draw < 0.55) await this.incrementOwn()
      else if (draw < 0.65) await this.incrementShared()
      else if (draw < 0.75) await this.remove()
      else if (draw < 0.8) await this.bulk()
      else await this.transfer()
    }
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  private nextEvent(): Event {
    const serial = this.serial++
    const _id = `${this.id}-${serial}`
    this.told.sent.add(_id)
    return { _id, writer: this.id, text: 'x'.repeat(this.below(300)), tags: [serial % 7, serial % 11] }
  }

  private async insert(count: number): Promise<void> {
    const events = Array.from({ length: count }, () => this.nextEvent())
    const done = await this.attempt(async () => {
      if (count === 1) await this.collections.events.insertOne(events[0] as Event)
      else await this.collections.events.insertMany(events)
    })
    if (done) for (const { _id } of events) this.told.inserted.add(_id)
  }

  private async remove(): Promise<void> {
    const _id = `${this.id}-${this.below(this.serial + 1)}`
    if (!this.told.inserted.has(_id) || this.told.deleted.has(_id)) return
    await this.attempt(async () => {
      // The driver's second attempt gets the answer of its first, so that nothing but 1 is right.
      const first = !this.told.deleting.has(_id)
      this.told.deleting.add(_id)
      const { deletedCount } = await this.collections.events.deleteOne({ _id })
      if (first && deletedCount !== 1) throw new Error(`${_id} was inserted, and its delete found ${deletedCount}`)
      this.told.deleted.add(_id)
    })
  }

  private async bulk(): Promise<void> {
    const event = this.nextEvent()
    const done = await this.attempt(() =>
      this.collections.events.bulkWrite([
        { insertOne: { document: event } },
        { updateOne: { filter: { _id: event._id }, update: { $push: { tags: 1 } } } },
        { updateOne: { filter: { _id: event._id }, update: { $push: { tags: 2 } } } },
      ]),
    )
    if (done) this.told.inserted.add(event._id)
  }

  private async incrementOwn(): Promise<void> {
    const known = this.told.own[this.id] as number
    const done = await this.attempt(async () => {
      const after = await this.collections.counters.findOneAndUpdate(
        { _id: this.id },
        { $inc: { n: 1 } },
        { returnDocument: 'after' },
      )
      if (after?.n !== known + 1) throw new Error(`counter ${this.id} went from ${known} to ${after?.n}`)
    })
    this.told.own[this.id] = done ? known + 1 : await this.lookUp(known, async () => this.own())
  }

  private async incrementShared(): Promise<void> {
    const known = this.told.shared[this.id] as number
    const done = await this.attempt(() =>
      this.collections.counters.updateOne({ _id: 'shared' }, { $inc: { n: 1, [`by.${this.id}`]: 1 } }),
    )
    this.told.shared[this.id] = done ? known + 1 : await this.lookUp(known, async () => this.shared())
  }

  private async own(): Promise<number> {
    return (await this.collections.counters.findOne({ _id: this.id }))?.n ?? Number.NaN
  }

  private async shared(): Promise<number> {
    return (await this.collections.counters.findOne({ _id: 'shared' }))?.by?.[String(this.id)] ?? 0
  }

  private async transfer(): Promise<void> {
    const _id = `${this.id}-${this.serial++}`
    const from = this.below(ACCOUNTS)
    const to = (from + 1 + this.below(ACCOUNTS - 1)) % ACCOUNTS
    const givesUp = this.random() < 0.15
    const { accounts, ledger } = this.collections
    const done = await this.attempt(() =>
      this.client.withSession((session) =>
        session.withTransaction(async () => {
          await accounts.updateOne({ _id: from }, { $inc: { balance: -1, moves: 1 } }, { session })
          await ledger.insertOne({ _id, from, to }, { session })
          await accounts.updateOne({ _id: to }, { $inc: { balance: 1, moves: 1 } }, { session })
          if (givesUp) throw new GiveUp()
        }),
      ),
    )
    if (givesUp) this.told.aborted.add(_id)
    else if (done) this.told.transfers.add(_id)
  }

  /** True when it was acknowledged, false when the server died under both attempts of the driver. */
  private async attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      this.told.acknowledged++
      return true
    } catch (error) {
      if (error instanceof GiveUp) return false
      onlyOutage(error)
      this.told.unsure++
      return false
    }
  }

  /** Reads whether an increment of unknown outcome is there: once, or not at all. */
  private async lookUp(known: number, read: () => Promise<number>): Promise<number> {
    for (;;) {
      try {
        const found = await read()
        if (found === known || found === known + 1) return found
        throw new Error(`${known} increments of writer ${this.id} and one of unknown outcome make ${found}`)
      } catch (error) {
        onlyOutage(error)
      }
    }
  }
}
