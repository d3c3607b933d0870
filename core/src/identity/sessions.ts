import { type Clock, type Disposable, type Identity, type Log, toDisposable } from '@dcesop/sdk-plugin'
import { randomBytes } from 'node:crypto'
import type { Policy } from '../policy/policy.ts'
import type { Account, Accounts } from './accounts.ts'
import { digest, newSecret } from './secrets.ts'
import type { SessionStore } from './session-store.ts'
import {
  endOf,
  type EndReason,
  identityOf,
  type SessionLimits,
  type SessionView,
  type StoredSession,
} from './session.ts'

/** A live session in memory, fresh for the cache's time. */
interface Entry {
  readonly session: StoredSession
  readonly account: Account
  readonly loadedAt: number
  /** Epoch ms; may be ahead of what is stored. */
  activityMs: number
  storedActivityMs: number
  identity: Identity
  policyVersion: number
}

export interface SessionsOptions {
  readonly store: SessionStore
  readonly accounts: Accounts
  readonly policy: Policy
  readonly clock: Clock
  readonly limits: SessionLimits
  /** How long an entry may be answered from memory, ms: the bound on seeing what another node changed. */
  readonly cacheMs: number
  readonly log: Log
  /** Told of every session that this node finds or makes ended. */
  readonly ended: (session: { id: string; accountId: string }, reason: EndReason) => void
}

/** Server-held sessions with reference tokens. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Promise<Entry | undefined>>()
  readonly #listeners = new Set<(sessionId: string, reason: EndReason) => void>()
  readonly #flushTimer: NodeJS.Timeout
  #changes = 0

  constructor(options: SessionsOptions) {
    this.#options = options
    const flush = () =>
      void this.flush().catch((err: unknown) => options.log.error({ err }, 'session activity could not be stored'))
    this.#flushTimer = setInterval(flush, Math.max(options.cacheMs, 500))
    this.#flushTimer.unref()
  }

  /** Opens a session. @returns the token, which is kept nowhere else */
  async open(account: Account): Promise<{ token: string; sessionId: string }> {
    const now = this.#options.clock.now()
    const token = newSecret()
    const session: StoredSession = {
      _id: `s_${randomBytes(16).toString('base64url')}`,
      tokenDigest: digest(token),
      accountId: account._id,
      createdAt: now,
      lastUserActivityAt: now,
      authTime: now,
      expiresAt: new Date(now.getTime() + this.#options.limits.absoluteMs),
    }
    await this.#options.store.insert(session)
    return { token, sessionId: session._id }
  }

  /** Who holds the token. @param activity counts this moment as the person's activity */
  async identify(token: string, activity: boolean): Promise<Identity | undefined> {
    const key = digest(token)
    const entry = this.#certain(key) ?? (await this.#live(key))
    if (entry && activity) entry.activityMs = Math.max(entry.activityMs, this.#options.clock.now().getTime())
    return entry?.identity
  }

  /** Which of these sessions still live, with who holds them now, for sockets; never activity. Two queries whatever the number. */
  async identities(sessionIds: readonly string[]): Promise<Map<string, Identity>> {
    const sessions = await this.#options.store.byIds(sessionIds)
    const accounts = await this.#options.accounts.byIds(sessions.map(({ accountId }) => accountId))
    const byId = new Map(accounts.map((account) => [account._id, account]))
    const living = new Map<string, Identity>()
    for (const session of sessions) {
      const account = byId.get(session.accountId)
      const activityMs = Math.max(
        session.lastUserActivityAt.getTime(),
        this.#entries.get(session.tokenDigest)?.activityMs ?? 0,
      )
      const reason =
        account && !account.disabled
          ? endOf(session, activityMs, this.#options.clock.now(), this.#options.limits)
          : 'account_changed'
      if (account && !reason) living.set(session._id, identityOf(session, account, this.#options.policy))
      else await this.end(session._id, session.accountId, reason ?? 'account_changed')
    }
    return living
  }

  /** What the person may see of the session. */
  async view(token: string): Promise<SessionView | undefined> {
    const entry = await this.#live(digest(token))
    if (!entry) return undefined
    const { identity, session, activityMs } = entry
    const { limits, clock } = this.#options
    const now = clock.now().getTime()
    const { subject, kind, displayName, roles, regions, locale } = identity
    return {
      subject,
      kind,
      displayName,
      roles,
      permissions: [...identity.permissions].sort(),
      regions,
      locale,
      idleSecondsLeft: Math.max(0, Math.floor((activityMs + limits.idleMs - now) / 1000)),
      absoluteSecondsLeft: Math.max(0, Math.floor((session.createdAt.getTime() + limits.absoluteMs - now) / 1000)),
    }
  }

  /** Gives the session a new token after the person proved who they are again; the old token is dead at once on this node. */
  async rotate(sessionId: string): Promise<string | undefined> {
    const token = newSecret()
    if (!(await this.#options.store.rotate(sessionId, digest(token), this.#options.clock.now()))) return undefined
    this.#forget(sessionId)
    return token
  }

  async end(sessionId: string, accountId: string, reason: EndReason): Promise<void> {
    await this.#options.store.remove(sessionId)
    this.#forget(sessionId)
    this.#options.ended({ id: sessionId, accountId }, reason)
    for (const listener of this.#listeners) listener(sessionId, reason)
  }

  /** @param kept the one that goes on, if any */
  async endAllOf(accountId: string, reason: EndReason, kept?: string): Promise<void> {
    for (const { _id } of await this.#options.store.ofAccount(accountId))
      if (_id !== kept) await this.end(_id, accountId, reason)
  }

  onEnded(listener: (sessionId: string, reason: EndReason) => void): Disposable {
    this.#listeners.add(listener)
    return toDisposable(() => void this.#listeners.delete(listener))
  }

  /** Stores activity that is only in memory; entries that have grown stale are dropped. */
  async flush(): Promise<void> {
    const stale = performance.now() - this.#options.cacheMs
    for (const [key, entry] of this.#entries) {
      await this.#storeActivity(entry)
      if (entry.loadedAt < stale && entry.activityMs <= entry.storedActivityMs) this.#entries.delete(key)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#flushTimer)
    await this.flush()
  }

  /** The session as far as memory alone can tell that it lives: nearly every request's, and none of them waits a turn for it. */
  #certain(tokenDigest: string): Entry | undefined {
    const { clock, limits, policy, cacheMs } = this.#options
    const entry = this.#entries.get(tokenDigest)
    if (!entry || performance.now() - entry.loadedAt >= cacheMs || entry.policyVersion !== policy.version)
      return undefined
    return endOf(entry.session, entry.activityMs, clock.now(), limits) ? undefined : entry
  }

  async #live(tokenDigest: string): Promise<Entry | undefined> {
    const { clock, limits, policy, cacheMs } = this.#options
    let entry = await this.#fresh(tokenDigest, cacheMs)
    let reason = entry && endOf(entry.session, entry.activityMs, clock.now(), limits)
    if (reason === 'idle') {
      // Another node may have seen the person since: look once more before the session is ended.
      entry = await this.#fresh(tokenDigest, 0)
      reason = entry && endOf(entry.session, entry.activityMs, clock.now(), limits)
    }
    if (!entry) return undefined
    if (reason) {
      await this.end(entry.session._id, entry.account._id, reason)
      return undefined
    }
    if (entry.policyVersion !== policy.version) {
      entry.identity = identityOf(entry.session, entry.account, policy)
      entry.policyVersion = policy.version
    }
    return entry
  }

  async #fresh(tokenDigest: string, maxAgeMs: number): Promise<Entry | undefined> {
    const known = this.#entries.get(tokenDigest)
    if (known && performance.now() - known.loadedAt < maxAgeMs) return known
    const under = this.#loading.get(tokenDigest)
    if (under) return under
    const loading = this.#load(tokenDigest, known).finally(() => this.#loading.delete(tokenDigest))
    this.#loading.set(tokenDigest, loading)
    return loading
  }

  async #load(tokenDigest: string, known: Entry | undefined): Promise<Entry | undefined> {
    if (known) await this.#storeActivity(known)
    let session: StoredSession | null
    let account: Account | null
    let changes: number
    do {
      // What was read before a rotation or an end on this node must not be kept after it.
      changes = this.#changes
      session = await this.#options.store.byDigest(tokenDigest)
      account = session && (await this.#options.accounts.byId(session.accountId))
    } while (changes !== this.#changes)
    if (!session || !account) {
      this.#entries.delete(tokenDigest)
      return undefined
    }
    if (account.disabled) {
      await this.end(session._id, account._id, 'account_changed')
      return undefined
    }
    const activityMs = Math.max(session.lastUserActivityAt.getTime(), known?.activityMs ?? 0)
    const entry: Entry = {
      session,
      account,
      loadedAt: performance.now(),
      activityMs,
      storedActivityMs: session.lastUserActivityAt.getTime(),
      identity: identityOf(session, account, this.#options.policy),
      policyVersion: this.#options.policy.version,
    }
    this.#entries.set(tokenDigest, entry)
    return entry
  }

  async #storeActivity(entry: Entry): Promise<void> {
    const activityMs = entry.activityMs
    if (activityMs <= entry.storedActivityMs) return
    await this.#options.store.touch(entry.session._id, new Date(activityMs))
    entry.storedActivityMs = activityMs
  }

  #forget(sessionId: string): void {
    this.#changes += 1
    for (const [key, { session }] of this.#entries) if (session._id === sessionId) this.#entries.delete(key)
  }
}
