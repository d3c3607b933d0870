import { Problem, type Clock } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import { collectionOf } from '../data/core-db.ts'
import { digest } from './secrets.ts'

interface Attempts {
  readonly _id: string
  readonly count: number
  readonly blockedUntil?: Date
  readonly expiresAt: Date
}

const freeAttempts = 8
const longestBlockSeconds = 15 * 60
const memoryMs = 24 * 3600 * 1000

/**
 * Growing pauses after failed attempts on one key (an account, known or not, or a known device): after 8 failures 1 s, 2 s, 4 s, …
 * up to 15 min. An attempt is counted before it is checked, so that attempts in parallel do not slip through.
 */
export class SlowDown {
  readonly #attempts
  readonly #clock: Clock

  constructor(connection: Connection, clock: Clock) {
    this.#attempts = collectionOf<Attempts>(connection, 'sign_in_attempts')
    this.#clock = clock
  }

  async prepare(): Promise<void> {
    await this.#attempts.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 })
  }

  /** Counts an attempt. @returns how many without a success @throws Problem 429 `too_many_requests` while the key is blocked */
  async begin(key: string): Promise<number> {
    const id = digest(key)
    const now = this.#clock.now().getTime()
    const present = await this.#attempts.findOne({ _id: id })
    const waitMs = (present?.blockedUntil?.getTime() ?? 0) - now
    if (waitMs > 0)
      throw new Problem(429, 'too_many_requests', 'Too many failed attempts. Wait before the next one.', {
        retryAfter: waitMs / 1000,
      })
    const next = await this.#attempts.findOneAndUpdate(
      { _id: id },
      { $inc: { count: 1 }, $set: { expiresAt: new Date(now + memoryMs) } },
      { upsert: true, returnDocument: 'after' },
    )
    const count = next?.count ?? 1
    if (count > freeAttempts) await this.#block(id, now, count - freeAttempts - 1)
    return count
  }

  /** The person proved who they are: the key starts afresh. */
  async succeed(key: string): Promise<void> {
    await this.#attempts.deleteOne({ _id: digest(key) })
  }

  async #block(id: string, now: number, step: number): Promise<void> {
    const seconds = Math.min(2 ** step, longestBlockSeconds)
    await this.#attempts.updateOne({ _id: id }, { $max: { blockedUntil: new Date(now + seconds * 1000) } })
  }
}
