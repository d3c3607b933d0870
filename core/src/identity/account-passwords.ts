import { type Clock, type Identity, notFound, Problem } from '@dcesop/sdk-plugin'
import { passwordFault, type Passwords, type SlowDown } from '@dcesop/sdk-plugin/internal/sign-in'
import { actorOf, type Trace } from '../audit/actor.ts'
import type { AuditPort } from '../ports.ts'
import type { Policy } from '../policy/policy.ts'
import type { Account, Accounts } from './accounts.ts'
import { newOneTimePassword } from './one-time-password.ts'
import type { Proof } from './proof.ts'
import type { Sessions } from './sessions.ts'

export interface AccountPasswordsDeps {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly proof: Proof
  readonly slowDown: SlowDown
  readonly sessions: Sessions
  readonly policy: Policy
  readonly audit: AuditPort
  readonly clock: Clock
}

export const resetPermission = 'platform.accounts:reset-password'

/** A one-time password is for the same day: who has not used it by then asks again. */
const oneTimeMs = 24 * 3600 * 1000

/** How the passwords of the built-in directory are set: by the person, or by an administrator for one sign-in. */
export class AccountPasswords {
  readonly #deps: AccountPasswordsDeps

  constructor(deps: AccountPasswordsDeps) {
    this.#deps = deps
  }

  /**
   * A person changes their own; their other sessions end.
   * @throws Problem 403 `step_up_failed` for a wrong current one, which counts as a failed sign-in; 422 `password_refused`; 429; 503
   */
  async change(identity: Identity, current: string, next: string, trace: Trace): Promise<void> {
    const { accounts, proof, slowDown } = this.#deps
    const key = `step-up:${identity.subject}`
    await slowDown.begin(key)
    const account = await accounts.byId(identity.subject)
    if (!account || !(await proof.password(account, current))) {
      await this.#record(identity, 'account.password.change', 'denied', identity.subject, trace, 'password')
      throw new Problem(403, 'step_up_failed', 'The current password is wrong.')
    }
    await slowDown.succeed(key)
    await this.requireGood(account, current, next).catch(async (error: unknown) => {
      if (error instanceof Problem)
        await this.#record(identity, 'account.password.change', 'denied', identity.subject, trace, error.code)
      throw error
    })
    await this.set(account, next, identity.sessionId)
    await this.#record(identity, 'account.password.change', 'allowed', identity.subject, trace)
  }

  /**
   * An administrator gives a password for one sign-in, at which another one has to be chosen; all sessions of the person end. It is
   * told here and kept nowhere.
   * @throws Problem 404 for nobody, or somebody of a region of others; 403 `forbidden` for one's own, or for who may do more than oneself
   */
  async reset(identity: Identity, username: string, trace: Trace): Promise<{ password: string; expiresAt: Date }> {
    const { accounts, passwords, sessions, clock } = this.#deps
    const action = 'account.password.reset'
    const account = await accounts.byUsername(username)
    if (!account) {
      // Who tries names is seen; the names are not told, people type other things there.
      await this.#record(identity, action, 'denied', undefined, trace, 'unknown_account')
      throw notFound()
    }
    const denied = this.#whyNot(identity, account)
    if (denied) {
      await this.#record(identity, action, 'denied', account._id, trace, denied)
      if (denied === 'region') throw notFound()
      throw new Problem(403, 'forbidden', sentences[denied])
    }
    const password = newOneTimePassword()
    const expiresAt = new Date(clock.now().getTime() + oneTimeMs)
    const passwordHash = await passwords.hashIfRoom(password)
    await this.#replace(account, { passwordHash, oneTimeUntil: expiresAt })
    await sessions.endAllOf(account._id, 'password_changed')
    await this.#record(identity, action, 'allowed', account._id, trace)
    return { password, expiresAt }
  }

  /** @throws Problem 422 `password_refused` with its reason */
  async requireGood(account: Account, current: string, next: string): Promise<void> {
    const fault =
      next === current
        ? { reason: 'same', text: 'The new password is the one that is to be changed.' }
        : await passwordFault(next, [account.username, account.displayName])
    if (fault) throw new Problem(422, 'password_refused', fault.text, { extensions: { reason: fault.reason } })
  }

  /** Sets a password that was found good. @param kept the session that goes on, if any */
  async set(account: Account, password: string, kept?: string): Promise<void> {
    const passwordHash = await this.#deps.passwords.hashIfRoom(password)
    await this.#replace(account, { passwordHash, oneTimeUntil: null })
    await this.#deps.sessions.endAllOf(account._id, 'password_changed', kept)
  }

  /** On the password that was proven: of two changes at once one is told. */
  async #replace(account: Account, change: Required<Pick<Account, 'passwordHash' | 'oneTimeUntil'>>): Promise<void> {
    if (await this.#deps.accounts.setPassword(account, change)) return
    throw new Problem(409, 'conflict', 'The password was changed by somebody else in the meantime.')
  }

  #whyNot(identity: Identity, account: Account): 'region' | 'own' | 'higher' | undefined {
    const { policy } = this.#deps
    const inRegion = (region: string) => policy.decide(identity, { permission: resetPermission, region }).allowed
    if (account.regions.length === 0 || !account.regions.every(inRegion)) return 'region'
    if (account._id === identity.subject) return 'own'
    const theirs = policy.permissionsOf(account.roles)
    const high = policy.inForce().filter(({ id, sensitivity }) => sensitivity === 'high' && theirs.has(id))
    // Who could sign in as somebody who may do more would be that somebody.
    return high.every(({ id }) => policy.decide(identity, { permission: id }).allowed) ? undefined : 'higher'
  }

  #record(
    identity: Identity,
    action: string,
    outcome: 'allowed' | 'denied',
    resource: string | undefined,
    trace: Trace,
    reason?: string,
  ): Promise<void> {
    const about = { ...(resource ? { resource } : {}), ...(reason ? { reason } : {}) }
    return this.#deps.audit.append({ action, outcome, actor: actorOf(identity), ...about, ...trace })
  }
}

const sentences = {
  own: 'Change your own password instead of resetting it.',
  higher: 'The person may do what you may not.',
} as const
