import type { Collection } from 'mongodb'
import { hash } from 'node:crypto'
import type { Clock } from '../../backend/ports.ts'
import { Problem } from '../../backend/problem.ts'

/** Failed attempts on one key. */
export interface Attempts {
  /** Digest of the key: people type passwords where their name belongs. */
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
  readonly #attempts: Collection<Attempts>
  readonly #clock: Clock

  constructor(attempts: Collection<Attempts>, clock: Clock) {
    this.#attempts = attempts
    this.#clock = clock
  }

  async prepare(): Promise<void> {
    await this.#attempts.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 })
  }

  /** Counts an attempt. @returns how many without a success @throws Problem 429 `too_many_requests` while the key is blocked */
  async begin(key: string): Promise<number> {
    const id = idOf(key)
    for (;;) {
      const now = this.#clock.now().getTime()
      const present = await this.#attempts.findOne({ _id: id })
      const waitMs = (present?.blockedUntil?.getTime() ?? 0) - now
      if (waitMs > 0)
        throw new Problem(429, 'too_many_requests', 'Too many failed attempts. Wait before the next one.', {
          retryAfter: waitMs / 1000,
        })
      const count = (present?.count ?? 0) + 1
      if (await this.#advance(id, present, count, now)) return count
    }
  }

  /** The person proved who they are: the key starts afresh. */
  async succeed(key: string): Promise<void> {
    await this.#attempts.deleteOne({ _id: idOf(key) })
  }

  /** Counts and blocks in one write, on the count that was read: of many in parallel one gets each number. @returns false when another was faster */
  async #advance(id: string, present: Attempts | null, count: number, now: number): Promise<boolean> {
    const $set: Partial<Attempts> = { count, expiresAt: new Date(now + memoryMs) }
    const seconds = Math.min(2 ** (count - freeAttempts - 1), longestBlockSeconds)
    const change = count > freeAttempts ? { ...$set, blockedUntil: new Date(now + seconds * 1000) } : $set
    if (present)
      return (await this.#attempts.updateOne({ _id: id, count: present.count }, { $set: change })).matchedCount === 1
    return (await this.#attempts.updateOne({ _id: id }, { $setOnInsert: change }, { upsert: true })).upsertedCount === 1
  }
}

function idOf(key: string): string {
  return hash('sha256', key, 'base64url')
}
