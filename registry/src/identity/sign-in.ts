import { type Log, Problem } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { SlowDown } from '@dcesop/sdk-plugin/internal/sign-in'
import type { Request } from '@hapi/hapi'
import type { RateLimits } from '../http/rate-limits.ts'
import type { AccountDocument } from '../storage/documents.ts'
import type { Accounts, NewAccount } from './accounts.ts'
import type { Caller } from './caller.ts'
import { digest } from './secrets.ts'

export interface SignInDeps {
  readonly accounts: Accounts
  readonly limits: RateLimits
  readonly slowDown: SlowDown
  readonly log: Log
}

/** From where a password comes. */
export interface Origin {
  readonly address: string
  /** Id of a token of that account which was sent along. */
  readonly token: string | undefined
}

/** @param owner who called with a token of the account that the password is for */
export function originOf(request: Request, owner: Caller | undefined): Origin {
  return { address: clientAddress(request.raw.req), token: owner?.token }
}

/** Every check of a password, however it is asked for. */
export class SignIn {
  readonly #deps: SignInDeps

  constructor(deps: SignInDeps) {
    this.#deps = deps
  }

  /**
   * Failed attempts slow the account down for strangers; a token of the account, and an address from which its owner signed in before,
   * have a count of their own, so that nobody can lock others out.
   * @throws Problem 401 `invalid_credentials` (the same for an unknown account), 429 `too_many_requests`, 503 `sign_in_busy`
   */
  async check(name: string, password: string, { address, token }: Origin): Promise<AccountDocument> {
    const { accounts, limits, slowDown, log } = this.#deps
    await limits.signIn(address)
    const account = await accounts.find(name)
    const known = account?.addresses?.includes(digest(address)) === true
    const key = token ? `token:${token}` : known ? `address:${name} ${address}` : `account:${name}`
    const attempts = await slowDown.begin(key)
    const matches = await accounts.matches(account, password)
    if (!account || !matches) {
      // A name of nobody is not recorded: people type passwords there.
      log.warn({ account: account?._id, address, attempts }, 'a sign-in was refused')
      throw new Problem(401, 'invalid_credentials', 'The user name or password is wrong.')
    }
    await slowDown.succeed(key)
    if (!known) await accounts.rememberAddress(name, digest(address))
    return account
  }

  /** Makes an account and knows its owner's address from then on. @throws Problem as `Accounts.create`, 429 `too_many_requests` */
  async signUp(account: NewAccount, address: string): Promise<void> {
    const { accounts, limits } = this.#deps
    await limits.signIn(address)
    await accounts.create(account)
    await accounts.rememberAddress(account.name, digest(address))
  }
}
