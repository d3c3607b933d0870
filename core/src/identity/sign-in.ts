import { type Clock, Problem } from '@dcesop/sdk-plugin'
import type { SlowDown } from '@dcesop/sdk-plugin/internal/sign-in'
import { actorOf, type Trace } from '../audit/actor.ts'
import type { AuditPort } from '../ports.ts'
import type { AccountPasswords } from './account-passwords.ts'
import type { Account, Accounts } from './accounts.ts'
import type { Proof } from './proof.ts'
import { digest, newSecret } from './secrets.ts'
import type { Sessions } from './sessions.ts'

export interface SignInInput {
  readonly username: string
  readonly password: string
  readonly totp?: string
  /** Instead of a one-time password that an administrator gave. */
  readonly newPassword?: string
}

/** What came with the request besides the input. */
export interface SignInContext extends Trace {
  /** Value of the device cookie. */
  readonly device: string | undefined
}

export interface SignedIn {
  readonly token: string
  /** New device cookie for a device that was not known. */
  readonly device: string | undefined
}

export interface SignInDeps {
  readonly accounts: Accounts
  readonly proof: Proof
  readonly slowDown: SlowDown
  readonly sessions: Sessions
  readonly accountPasswords: AccountPasswords
  readonly clock: Clock
  readonly audit: AuditPort
}

/** Sign-in by the built-in directory: password, then the second factor where the account has one. */
export class SignIn {
  readonly #deps: SignInDeps

  constructor(deps: SignInDeps) {
    this.#deps = deps
  }

  /**
   * Failed attempts slow the account down for strangers; a device with which the person signed in before has a count of its own,
   * so that nobody can lock others out.
   * @throws Problem 401 `invalid_credentials` (the same for an unknown account), 401 `totp_required`, `password_change_required` or
   * `password_expired`, 422 `password_refused`, 429 `too_many_requests`, 503 `sign_in_busy`
   */
  async signIn(input: SignInInput, context: SignInContext): Promise<SignedIn> {
    const { accounts, proof, slowDown, sessions } = this.#deps
    const account = await accounts.byUsername(input.username)
    const device = context.device === undefined ? undefined : digest(context.device)
    const known = device !== undefined && account?.devices.includes(device) === true
    const key = known ? `device:${device}` : `account:${input.username.toLowerCase()}`
    await slowDown.begin(key).catch(async (error: unknown) => {
      // Most guesses end here; the limit of an address bounds how many.
      if (error instanceof Problem) await this.#record(account, context, 'slowed')
      throw error
    })
    const passed = await proof.password(account, input.password)
    if (!account || !passed || account.disabled)
      throw await this.#refused(account, context, !account ? 'unknown_account' : passed ? 'disabled' : 'password')
    // Before the code, which works once, is used up.
    await this.#requireOwnPassword(account, input, context)
    if (account.totpSecret !== null) await this.#secondFactor(account, input.totp, context)
    await slowDown.succeed(key)
    if (input.newPassword !== undefined) await this.#deps.accountPasswords.set(account, input.newPassword)
    const newDevice = known ? undefined : newSecret()
    if (newDevice !== undefined) await accounts.rememberDevice(account._id, digest(newDevice))
    const { token, sessionId } = await sessions.open(account)
    await this.#deps.audit.append({
      action: 'session.sign-in',
      outcome: 'allowed',
      actor: { subject: account._id, kind: account.kind, sessionId },
      traceId: context.traceId,
      address: context.address,
      details: {
        secondFactor: account.totpSecret !== null,
        knownDevice: known,
        ...(input.newPassword === undefined ? {} : { passwordChanged: true }),
      },
    })
    return { token, device: newDevice }
  }

  /** A password that somebody else knows opens no session. */
  async #requireOwnPassword(account: Account, input: SignInInput, context: SignInContext): Promise<void> {
    const { accountPasswords, clock } = this.#deps
    const { newPassword } = input
    const until = account.oneTimeUntil ?? undefined
    if (!until) {
      if (newPassword === undefined) return
      // Like each refusal from here on: it tells that the password was right.
      await this.#record(account, context, 'no_one_time_password')
      throw new Problem(400, 'invalid_request', '"newPassword" is for a one-time password that an administrator gave.')
    }
    if (until.getTime() <= clock.now().getTime()) {
      await this.#refused(account, context, 'one_time_expired')
      throw new Problem(401, 'password_expired', 'The one-time password is too old.')
    }
    if (newPassword === undefined) {
      await this.#record(account, context, 'own_password_missing')
      throw new Problem(401, 'password_change_required', 'Choose a password of your own to sign in.')
    }
    await accountPasswords.requireGood(account, input.password, newPassword).catch(async (error: unknown) => {
      if (error instanceof Problem) await this.#record(account, context, error.code)
      throw error
    })
  }

  async #secondFactor(account: Account, code: string | undefined, context: SignInContext): Promise<void> {
    if (code === undefined) {
      // Who has the password and never comes with a code may have stolen it.
      await this.#record(account, context, 'totp_missing')
      throw new Problem(401, 'totp_required', 'The account has a second factor: send its code too.')
    }
    if (!(await this.#deps.proof.totp(account, code))) throw await this.#refused(account, context, 'totp')
  }

  async #refused(account: Account | null, context: SignInContext, reason: string): Promise<Problem> {
    await this.#record(account, context, reason)
    return new Problem(401, 'invalid_credentials', 'The user name, password or code is wrong.')
  }

  /** Why no session was opened. The typed user name is not recorded: people type passwords there. */
  #record(account: Account | null, context: SignInContext, reason: string): Promise<void> {
    return this.#deps.audit.append({
      action: 'session.sign-in',
      outcome: 'denied',
      actor: actorOf(undefined),
      ...(account ? { resource: account._id } : {}),
      reason,
      traceId: context.traceId,
      address: context.address,
    })
  }
}
