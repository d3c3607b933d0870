import type { Clock } from '@dcesop/sdk-plugin'
import type { Passwords } from '@dcesop/sdk-plugin/internal/sign-in'
import type { Account, Accounts } from './accounts.ts'
import { totpCounter } from './totp.ts'

/** Checks what a person offers as proof against the account. */
export class Proof {
  readonly #accounts: Accounts
  readonly #passwords: Passwords
  readonly #clock: Clock

  constructor(accounts: Accounts, passwords: Passwords, clock: Clock) {
    this.#accounts = accounts
    this.#passwords = passwords
    this.#clock = clock
  }

  /** The same work for an account that does not exist. */
  password(account: Account | null, password: string): Promise<boolean> {
    return this.#passwords.verify(account?.passwordHash, password)
  }

  /** Uses the code up: it, and every older one, is worth nothing afterwards. */
  async totp(account: Account, code: string): Promise<boolean> {
    if (account.totpSecret === null) return false
    const counter = totpCounter(account.totpSecret, code, this.#clock.now())
    return counter !== undefined && this.#accounts.useTotp(account._id, counter)
  }
}
