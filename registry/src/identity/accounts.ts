import { Problem } from '@dcesop/sdk-plugin'
import { isPrototypeName } from '../packages/names.ts'
import { type Database, isDuplicateKey } from '../storage/database.ts'
import type { AccountDocument, Grant } from '../storage/documents.ts'
import type { Passwords } from './passwords.ts'

const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/

export interface NewAccount {
  readonly name: string
  readonly password: string
  readonly email?: string
  readonly roles?: readonly Grant[]
  readonly demo?: true
}

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

  /** @throws Problem 400 for a name or password that is none, 409 `account_exists` */
  async create({ name, password, email = '', roles = [{ role: 'publisher' }], demo }: NewAccount): Promise<void> {
    if (!namePattern.test(name) || isPrototypeName(name))
      throw new Problem(
        400,
        'invalid_request',
        'A user name has lower-case letters, digits, ".", "_" and "-", at most 64.',
      )
    const at = new Date()
    const passwordHash = await this.#passwords.hash(password)
    const account = { _id: name, passwordHash, email, roles, createdAt: at, updatedAt: at, ...(demo ? { demo } : {}) }
    try {
      await this.#database.accounts.insertOne(account)
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      throw new Problem(409, 'account_exists', `There is an account "${name}" already.`)
    }
  }

  /** Takes as long for an unknown name as for a wrong password. @throws Problem 401 `invalid_credentials` */
  async check(name: string, password: string): Promise<AccountDocument> {
    const account = await this.find(name)
    const matches = await this.#passwords.verify(account?.passwordHash, password)
    if (!account || !matches) throw new Problem(401, 'invalid_credentials', 'The user name or password is wrong.')
    return account
  }

  async setPassword(name: string, password: string): Promise<void> {
    const passwordHash = await this.#passwords.hash(password)
    await this.#database.accounts.updateOne({ _id: name }, { $set: { passwordHash, updatedAt: new Date() } })
  }

  async setEmail(name: string, email: string): Promise<void> {
    await this.#database.accounts.updateOne({ _id: name }, { $set: { email, updatedAt: new Date() } })
  }
}
