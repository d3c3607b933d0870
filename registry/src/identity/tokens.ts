import { Problem } from '@dcesop/sdk-plugin'
import type { Database } from '../storage/database.ts'
import type { TokenDocument } from '../storage/documents.ts'
import type { Caller } from './caller.ts'
import { inNetworks } from './networks.ts'
import { digest, newToken } from './secrets.ts'

export interface TokenWish {
  readonly name: string
  readonly readonly: boolean
  readonly cidr: readonly string[]
  readonly expiresAt: Date | null
}

/** What `npm login` asks for. */
export const loginToken: TokenWish = { name: 'npm login', readonly: false, cidr: [], expiresAt: null }

const mostPerUser = 100

/** Reference tokens: the database holds digests, and a revoked one is dead with the next request. */
export class Tokens {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** @returns the token itself, which nobody can read again, and what is stored of it @throws Problem 403 beyond 100 tokens */
  async create(user: string, wish: TokenWish): Promise<{ token: string; stored: TokenDocument }> {
    const { tokens } = this.#database
    // A login replaces the oldest logins; tokens that somebody named are never taken away.
    const held = await tokens.find({ user }).sort({ createdAt: 1 }).toArray()
    if (held.length >= mostPerUser) {
      const oldest = held.find(({ name }) => name === loginToken.name)
      if (!oldest)
        throw new Problem(403, 'forbidden', `An account has at most ${mostPerUser} tokens; revoke one first.`)
      await tokens.deleteOne({ _id: oldest._id })
    }
    const token = newToken()
    const stored = { _id: digest(token), user, hint: token.slice(0, 12), createdAt: new Date(), ...wish }
    await tokens.insertOne(stored)
    return { token, stored }
  }

  /** @throws Problem 403 `address_not_allowed` for a good token from the wrong network */
  async callerOf(secret: string, address: string): Promise<Caller | undefined> {
    const found = await this.#database.tokens.findOne({ _id: digest(secret) })
    if (!found || (found.expiresAt !== null && found.expiresAt <= new Date())) return undefined
    if (found.cidr.length > 0 && !inNetworks(address, found.cidr))
      throw new Problem(403, 'address_not_allowed', `The token may not be used from ${address}.`)
    const account = await this.#database.accounts.findOne({ _id: found.user })
    if (!account) return undefined
    return { user: found.user, roles: account.roles, token: found._id, readonly: found.readonly }
  }

  list(user: string): Promise<TokenDocument[]> {
    return this.#database.tokens.find({ user }).sort({ createdAt: 1 }).toArray()
  }

  /** @param key id or the token itself @returns whether the user had such a token */
  async revoke(user: string, key: string): Promise<boolean> {
    const { deletedCount } = await this.#database.tokens.deleteOne({ _id: { $in: [key, digest(key)] }, user })
    return deletedCount === 1
  }

  async revokeAllBut(user: string, kept: string): Promise<void> {
    await this.#database.tokens.deleteMany({ user, _id: { $ne: kept } })
  }
}
