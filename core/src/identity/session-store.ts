import type { Connection } from 'mongoose'
import { answeredSoon, collectionOf } from '../data/core-db.ts'
import type { StoredSession } from './session.ts'

/** Sessions in `sessions`. */
export class SessionStore {
  readonly #sessions

  constructor(connection: Connection) {
    this.#sessions = collectionOf<StoredSession>(connection, 'sessions')
  }

  async prepare(): Promise<void> {
    await this.#sessions.createIndexes([
      { key: { tokenDigest: 1 }, unique: true },
      { key: { accountId: 1 } },
      { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
    ])
  }

  async insert(session: StoredSession): Promise<void> {
    await this.#sessions.insertOne(session)
  }

  byDigest(tokenDigest: string): Promise<StoredSession | null> {
    return this.#sessions.findOne({ tokenDigest }, answeredSoon())
  }

  byIds(ids: readonly string[]): Promise<StoredSession[]> {
    return this.#sessions.find({ _id: { $in: [...ids] } }).toArray()
  }

  ofAccount(accountId: string): Promise<StoredSession[]> {
    return this.#sessions.find({ accountId }).toArray()
  }

  /** Notes activity unless a later one is known. A session that is gone stays gone. */
  async touch(id: string, at: Date): Promise<void> {
    await this.#sessions.updateOne({ _id: id }, { $max: { lastUserActivityAt: at } })
  }

  /** @returns false when the session is gone */
  async rotate(id: string, tokenDigest: string, authTime: Date): Promise<boolean> {
    const change = { $set: { tokenDigest, authTime }, $max: { lastUserActivityAt: authTime } }
    return (await this.#sessions.updateOne({ _id: id }, change)).matchedCount === 1
  }

  async remove(id: string): Promise<boolean> {
    return (await this.#sessions.deleteOne({ _id: id })).deletedCount === 1
  }
}
