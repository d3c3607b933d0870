import type { Connection } from 'mongoose'
import { answeredSoon, collectionOf } from '../data/core-db.ts'

/** A person's account in the built-in directory. */
export interface Account {
  /** Opaque, stable. */
  readonly _id: string
  /** Lower case, unique. */
  readonly username: string
  readonly kind: 'employee' | 'customer'
  readonly displayName: string
  readonly roles: readonly string[]
  readonly regions: readonly string[]
  readonly locale: string
  /** argon2id in PHC format. */
  readonly passwordHash: string
  /** Set: an administrator gave the password, for one sign-in until then, at which another one is chosen. */
  readonly oneTimeUntil?: Date | null
  /** Base32; null for accounts without a second factor. */
  readonly totpSecret: string | null
  /** Counter of the last code that was used up. */
  readonly totpLastCounter: number
  readonly disabled: boolean
  /** Digests of device cookies with which the person signed in before, newest last. */
  readonly devices: readonly string[]
}

/** A machine client: client credentials with scopes in its regions. */
export interface MachineClient {
  /** The client id. */
  readonly _id: string
  /** SHA-256 of the secret, which is random. */
  readonly secretDigest: string
  readonly scopes: readonly string[]
  readonly regions: readonly string[]
  readonly disabled: boolean
}

const mostDevices = 10

/** Accounts and machine clients in `accounts` and `clients`. */
export class Accounts {
  readonly #accounts
  readonly #clients

  constructor(connection: Connection) {
    this.#accounts = collectionOf<Account>(connection, 'accounts')
    this.#clients = collectionOf<MachineClient>(connection, 'clients')
  }

  async prepare(): Promise<void> {
    await this.#accounts.createIndex({ username: 1 }, { unique: true })
  }

  byId(id: string): Promise<Account | null> {
    return this.#accounts.findOne({ _id: id }, answeredSoon())
  }

  byIds(ids: readonly string[]): Promise<Account[]> {
    return this.#accounts.find({ _id: { $in: [...ids] } }).toArray()
  }

  /** By id, the names of those of these who are employees and work in one of the regions. */
  async employeeNames(ids: readonly string[], regions: readonly string[]): Promise<Record<string, string>> {
    const found = await this.#accounts
      .find({ _id: { $in: [...ids] }, kind: 'employee', regions: { $in: [...regions] } })
      .project<Pick<Account, '_id' | 'displayName'>>({ displayName: 1 })
      .toArray()
    return Object.fromEntries(found.map(({ _id, displayName }) => [_id, displayName]))
  }

  byUsername(username: string): Promise<Account | null> {
    return this.#accounts.findOne({ username: username.toLowerCase() }, answeredSoon())
  }

  clientById(id: string): Promise<MachineClient | null> {
    return this.#clients.findOne({ _id: id }, answeredSoon())
  }

  /** Adds what is not there yet; an account that exists is left as it is. */
  async add(accounts: readonly Account[], clients: readonly MachineClient[]): Promise<void> {
    for (const account of accounts)
      await this.#accounts.updateOne({ username: account.username }, { $setOnInsert: account }, { upsert: true })
    for (const client of clients)
      await this.#clients.updateOne({ _id: client._id }, { $setOnInsert: client }, { upsert: true })
  }

  /** Which of these user names and client ids exist. */
  async existing(usernames: readonly string[], clientIds: readonly string[]): Promise<string[]> {
    const accounts = await this.#accounts
      .find({ username: { $in: [...usernames] } })
      .project<{ username: string }>({ username: 1 })
      .toArray()
    const clients = await this.#clients
      .find({ _id: { $in: [...clientIds] } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray()
    return [...accounts.map(({ username }) => username), ...clients.map(({ _id }) => _id)]
  }

  /** Uses up a code: false when it, or a later one, was used before. */
  async useTotp(id: string, counter: number): Promise<boolean> {
    const result = await this.#accounts.updateOne(
      { _id: id, totpLastCounter: { $lt: counter } },
      { $set: { totpLastCounter: counter } },
    )
    return result.modifiedCount === 1
  }

  async rememberDevice(id: string, deviceDigest: string): Promise<void> {
    await this.#accounts.updateOne({ _id: id }, { $push: { devices: { $each: [deviceDigest], $slice: -mostDevices } } })
  }

  /** Known devices are forgotten with it. @returns false when the password was changed since the account was read */
  async setPassword(
    { _id, passwordHash }: Account,
    change: Required<Pick<Account, 'passwordHash' | 'oneTimeUntil'>>,
  ): Promise<boolean> {
    const result = await this.#accounts.updateOne({ _id, passwordHash }, { $set: { ...change, devices: [] } })
    return result.matchedCount === 1
  }

  /** Seen by every session within the session cache's time. */
  async change(id: string, change: Partial<Pick<Account, 'disabled' | 'roles' | 'regions'>>): Promise<void> {
    await this.#accounts.updateOne({ _id: id }, { $set: change })
  }
}
