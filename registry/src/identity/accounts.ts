import { Problem } from '@dcesop/sdk-plugin'
import { passwordFault, type Passwords } from '@dcesop/sdk-plugin/internal/sign-in'
import { isPrototypeName } from '../packages/names.ts'
import { type Database, isDuplicateKey } from '../storage/database.ts'
import type { AccountDocument, Grant } from '../storage/documents.ts'

const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/

export interface NewAccount {
  readonly name: string
  readonly password: string
  readonly email?: string
  readonly roles?: readonly Grant[]
  readonly demo?: { readonly passwordHash: string }
}

const mostAddresses = 10

/** Who may sign in. */
export class Accounts {
  readonly #database: Database
  readonly #passwords: Passwords

  constructor(database: Database, passwords: Passwords) {
    this.#database = database
    this.#passwords = passwords
  }

  find(name: string): Promise<AccountDocument | null> {
    return this.#database.accounts.findOne({ _id: name })
  }

  /** @throws Problem 400 for a name that is none, 400 `weak_password`, 409 `account_exists`, 503 `sign_in_busy` */
  async create({ name, password, email = '', roles = [{ role: 'publisher' }], demo }: NewAccount): Promise<void> {
    if (!namePattern.test(name) || isPrototypeName(name))
      throw new Problem(
        400,
        'invalid_request',
        'A user name has lower-case letters, digits, ".", "_" and "-", at most 64.',
      )
    const at = new Date()
    const passwordHash = demo
      ? await this.#passwords.hash(password, demo.passwordHash)
      : await this.#newHash(password, [name, email])
    const account = {
      _id: name,
      passwordHash,
      email,
      roles,
      createdAt: at,
      updatedAt: at,
      ...(demo ? { demo: true as const } : {}),
    }
    try {
      await this.#database.accounts.insertOne(account)
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      throw new Problem(409, 'account_exists', `There is an account "${name}" already.`)
    }
  }

  /** Takes as long for no account as for a wrong password. @throws Problem 503 `sign_in_busy` */
  matches(account: AccountDocument | null, password: string): Promise<boolean> {
    return this.#passwords.verify(account?.passwordHash, password)
  }

  async rememberAddress(name: string, addressDigest: string): Promise<void> {
    const addresses = { $each: [addressDigest], $slice: -mostAddresses }
    await this.#database.accounts.updateOne({ _id: name }, { $push: { addresses } })
  }

  /** @throws Problem 400 `weak_password`, 503 `sign_in_busy` */
  async setPassword({ _id: name, email }: AccountDocument, password: string): Promise<void> {
    const passwordHash = await this.#newHash(password, [name, email])
    await this.#database.accounts.updateOne({ _id: name }, { $set: { passwordHash, updatedAt: new Date() } })
  }

  async setEmail(name: string, email: string): Promise<void> {
    await this.#database.accounts.updateOne({ _id: name }, { $set: { email, updatedAt: new Date() } })
  }

  async #newHash(password: string, about: readonly string[]): Promise<string> {
    const fault = await passwordFault(password, about)
    if (fault) throw new Problem(400, 'weak_password', fault.text, { extensions: { reason: fault.reason } })
    return this.#passwords.hashIfRoom(password)
  }
}
