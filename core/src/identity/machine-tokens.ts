import { Problem, type Clock, type Identity } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import { answeredSoon, collectionOf } from '../data/core-db.ts'
import { mostSkewMs } from './clock-skew.ts'
import type { Accounts, MachineClient } from './accounts.ts'
import { digest, newSecret, sameDigest } from './secrets.ts'

interface StoredToken {
  /** SHA-256 of the token. */
  readonly _id: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly expiresAt: Date
}

interface Entry {
  readonly identity: Identity | undefined
  readonly expiresAt: number
  readonly loadedAt: number
}

export interface MachineTokensOptions {
  readonly connection: Connection
  readonly accounts: Accounts
  readonly clock: Clock
  readonly lifetimeMs: number
  readonly cacheMs: number
}

const mostEntries = 1000

/** OAuth 2.0 client credentials (RFC 6749 section 4.4) with opaque tokens of a few minutes. */
export class MachineTokens {
  readonly #options: MachineTokensOptions
  readonly #tokens
  readonly #entries = new Map<string, Entry>()

  constructor(options: MachineTokensOptions) {
    this.#options = options
    this.#tokens = collectionOf<StoredToken>(options.connection, 'machine_tokens')
  }

  async prepare(): Promise<void> {
    await this.#tokens.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 })
  }

  /**
   * @param scope space-separated subset of the client's scopes; all of them when absent
   * @throws Problem 401 `invalid_client`, 400 `invalid_scope`
   */
  async issue(
    clientId: string,
    secret: string,
    scope: string | undefined,
  ): Promise<{ token: string; expiresIn: number; scopes: readonly string[] }> {
    const client = await this.#options.accounts.clientById(clientId)
    if (!sameDigest(client?.secretDigest ?? digest(''), digest(secret)) || !client || client.disabled) {
      throw new Problem(401, 'invalid_client', 'The client id or secret is wrong.', {
        extensions: { error: 'invalid_client' },
      })
    }
    const scopes = scope === undefined ? client.scopes : scope.split(' ').filter((word) => word !== '')
    if (scopes.length === 0 || scopes.some((word) => !client.scopes.includes(word))) {
      throw new Problem(400, 'invalid_scope', 'The client may not ask for that scope.', {
        extensions: { error: 'invalid_scope' },
      })
    }
    const token = newSecret()
    const { clock, lifetimeMs } = this.#options
    await this.#tokens.insertOne({
      _id: digest(token),
      clientId,
      scopes,
      expiresAt: new Date(clock.now().getTime() + lifetimeMs),
    })
    return { token, expiresIn: Math.floor(lifetimeMs / 1000), scopes }
  }

  /** Who holds the token; seen from memory for at most the cache's time. */
  async identify(token: string): Promise<Identity | undefined> {
    const id = digest(token)
    const known = this.#entries.get(id)
    const entry = known && performance.now() - known.loadedAt < this.#options.cacheMs ? known : await this.#load(id)
    const leftMs = entry.expiresAt - this.#options.clock.now().getTime()
    return leftMs > 0 && leftMs <= this.#options.lifetimeMs + mostSkewMs ? entry.identity : undefined
  }

  async #load(id: string): Promise<Entry> {
    const token = await this.#tokens.findOne({ _id: id }, answeredSoon())
    const client = token && (await this.#options.accounts.clientById(token.clientId))
    const identity = token && client && !client.disabled ? identityOf(client, token) : undefined
    const entry = { identity, expiresAt: token?.expiresAt.getTime() ?? 0, loadedAt: performance.now() }
    if (this.#entries.size >= mostEntries) this.#entries.clear()
    if (identity) this.#entries.set(id, entry)
    else this.#entries.delete(id)
    return entry
  }
}

/** A scope that was taken from the client is gone from its tokens too. */
function identityOf(client: MachineClient, token: StoredToken): Identity {
  return Object.freeze({
    subject: `client:${client._id}`,
    kind: 'machine',
    displayName: client._id,
    roles: [],
    permissions: new Set(token.scopes.filter((scope) => client.scopes.includes(scope))),
    regions: client.regions,
    locale: 'en',
    sessionId: `t_${token._id.slice(0, 16)}`,
  })
}
