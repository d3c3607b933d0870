import type { Identity, RegionId } from '@dcesop/sdk-plugin'
import type { Policy } from '../policy/policy.ts'
import type { Account } from './accounts.ts'
import { mostSkewMs } from './clock-skew.ts'

/** A session as stored in `sessions`. The token itself is nowhere: only its SHA-256. */
export interface StoredSession {
  /** Stable through rotations of the token; names the session in audit records. */
  readonly _id: string
  readonly tokenDigest: string
  readonly accountId: string
  readonly createdAt: Date
  /** Last time the person did something; polls and sockets do not count. */
  readonly lastUserActivityAt: Date
  /** When the person last proved who they are. */
  readonly authTime: Date
  /** Absolute limit; also lets the database clean up. */
  readonly expiresAt: Date
}

/** Why a session is over. */
export type EndReason = 'signed_out' | 'idle' | 'absolute_limit' | 'account_changed' | 'password_changed' | 'replaced'

/** What `/api/auth/session` says. */
export interface SessionView {
  readonly subject: string
  readonly kind: string
  readonly displayName: string
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  readonly regions: readonly RegionId[]
  readonly locale: string
  readonly idleSecondsLeft: number
  readonly absoluteSecondsLeft: number
}

export interface SessionLimits {
  readonly idleMs: number
  readonly absoluteMs: number
}

/** Whether and why a session is over at `now` (A1: idle time is judged on the person's activity alone). */
export function endOf(
  session: Pick<StoredSession, 'createdAt'>,
  lastUserActivityMs: number,
  now: Date,
  limits: SessionLimits,
): EndReason | undefined {
  if (now.getTime() - session.createdAt.getTime() >= limits.absoluteMs) return 'absolute_limit'
  if (Math.max(session.createdAt.getTime(), lastUserActivityMs) - now.getTime() > mostSkewMs) return 'absolute_limit'
  if (now.getTime() - lastUserActivityMs >= limits.idleMs) return 'idle'
  return undefined
}

/** Who holds the session, with what the policy gives their roles. */
export function identityOf(session: StoredSession, account: Account, policy: Policy): Identity {
  const { _id, kind, displayName, roles, regions, locale } = account
  const permissions = policy.permissionsOf(roles)
  return Object.freeze({ subject: _id, kind, displayName, roles, permissions, regions, locale, sessionId: session._id })
}
