import { hash, verify } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import pLimit from 'p-limit'
import { Problem } from '../../backend/problem.ts'

export interface Argon2Config {
  readonly memoryKib: number
  readonly timeCost: number
  readonly parallelism: number
  /** Hashes computed at the same time. */
  readonly concurrent: number
  /** Sign-ins that may wait for their turn before the rest is refused. */
  readonly waiting: number
}

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
    this.#decoy = hash(randomBytes(32), this.#options)
  }

  /**
   * For the accounts of a start; for what comes over the network there is `hashIfRoom`.
   * @param made a hash of it that was made before, and is taken if it costs as much as a new one
   */
  async hash(password: string, made?: string): Promise<string> {
    const { memoryCost, timeCost, parallelism } = this.#options
    if (made?.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`)) return made
    return this.#queue(() => hash(password, this.#options))
  }

  /** @throws Problem 503 `sign_in_busy` when too many wait already */
  hashIfRoom(password: string): Promise<string> {
    this.#refuseFlood()
    return this.hash(password)
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (unknown account) the same work is done and the answer is no.
   * @throws Problem 503 `sign_in_busy` when too many wait already
   */
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
