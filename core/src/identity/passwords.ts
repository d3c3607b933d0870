import { Problem } from '@dcesop/sdk-plugin'
import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import type { Argon2Config } from '../config/config.ts'
import { newSecret } from './secrets.ts'

/** argon2id hashes, a few at a time: memory and processors stay bounded however many people sign in at once. */
export class Passwords {
  readonly #options: { memoryCost: number; timeCost: number; parallelism: number }
  readonly #queue
  readonly #waiting: number
  readonly #decoy: Promise<string>

  constructor(config: Argon2Config) {
    this.#options = { memoryCost: config.memoryKib, timeCost: config.timeCost, parallelism: config.parallelism }
    this.#queue = pLimit(config.concurrent)
    this.#waiting = config.waiting
    this.#decoy = hash(newSecret(), this.#options)
  }

  hash(password: string): Promise<string> {
    return this.#queue(() => hash(password, this.#options))
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (unknown account) the same work is done and the answer is no.
   * @throws Problem 503 `sign_in_busy` when too many wait already
   */
  verify(stored: string | undefined, password: string): Promise<boolean> {
    if (this.#queue.pendingCount >= this.#waiting) {
      throw new Problem(503, 'sign_in_busy', 'Too many sign-ins are being checked. Try again in a moment.', {
        retryAfter: 1,
      })
    }
    return this.#queue(async () => {
      const matches = await verify(stored ?? (await this.#decoy), password)
      return matches && stored !== undefined
    })
  }
}
