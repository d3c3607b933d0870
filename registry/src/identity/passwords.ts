import { Problem } from '@dcesop/sdk-plugin'
import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import type { Argon2Config } from '../config/config.ts'
import { newToken } from './secrets.ts'

/** argon2id hashes, a few at a time: memory and processors stay bounded however many sign in at once. */
export class Passwords {
  readonly #options: { memoryCost: number; timeCost: number; parallelism: number }
  readonly #queue
  readonly #waiting: number
  readonly #decoy: Promise<string>

  constructor(config: Argon2Config) {
    this.#options = { memoryCost: config.memoryKib, timeCost: config.timeCost, parallelism: config.parallelism }
    this.#queue = pLimit(config.concurrent)
    this.#waiting = config.waiting
    this.#decoy = hash(newToken(), this.#options)
  }

  /** @throws Problem 400 `weak_password`, 503 `sign_in_busy` */
  hash(password: string): Promise<string> {
    if (password.length < 8 || password.length > 256)
      throw new Problem(400, 'weak_password', 'The password must have 8 to 256 characters.')
    this.#refuseFlood()
    return this.#queue(() => hash(password, this.#options))
  }

  /** Without a hash (unknown account) the same work is done and the answer is no. @throws Problem 503 `sign_in_busy` */
  verify(stored: string | undefined, password: string): Promise<boolean> {
    this.#refuseFlood()
    return this.#queue(async () => {
      const matches = await verify(stored ?? (await this.#decoy), password)
      return matches && stored !== undefined
    })
  }

  #refuseFlood(): void {
    if (this.#queue.pendingCount < this.#waiting) return
    throw new Problem(503, 'sign_in_busy', 'Too many sign-ins are being checked. Try again in a moment.', {
      retryAfter: 1,
    })
  }
}
