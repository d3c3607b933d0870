import { Problem } from '@dcesop/sdk-plugin'
import { type ClientSession, type Collection, type Db, MongoClient, MongoServerSelectionError } from 'mongodb'
import pLimit from 'p-limit'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import type { Attempts } from '@dcesop/sdk-plugin/internal/sign-in'
import type {
  AccountDocument,
  AdvisoryDocument,
  PackageDocument,
  ScopeDocument,
  TokenDocument,
  VersionDocument,
} from './documents.ts'

/** The registry's collections over the wire; every write is on a majority's journal before it is acknowledged. */
export class Database {
  readonly db: Db
  readonly accounts: Collection<AccountDocument>
  readonly tokens: Collection<TokenDocument>
  readonly signInAttempts: Collection<Attempts>
  readonly scopes: Collection<ScopeDocument>
  readonly packages: Collection<PackageDocument>
  readonly versions: Collection<VersionDocument>
  readonly advisories: Collection<AdvisoryDocument>
  readonly #client: MongoClient
  readonly #oneByOne = pLimit(1)

  private constructor(client: MongoClient, name: string) {
    this.#client = client
    this.db = client.db(name)
    this.accounts = this.db.collection('accounts')
    this.tokens = this.db.collection('tokens')
    this.signInAttempts = this.db.collection('sign_in_attempts')
    this.scopes = this.db.collection('scopes')
    this.packages = this.db.collection('packages')
    this.versions = this.db.collection('versions')
    this.advisories = this.db.collection('advisories')
  }

  /** @throws StartRefused when nobody answers */
  static async connect(uri: string, name: string): Promise<Database> {
    const client = await MongoClient.connect(uri, {
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      serverSelectionTimeoutMS: 5000,
      // With the ten seconds between two signs of life: what hangs is known after twenty, and nobody waits for it any more.
      connectTimeoutMS: 10_000,
      ignoreUndefined: true,
    }).catch((error: unknown) => {
      if (!(error instanceof MongoServerSelectionError)) throw error
      throw new StartRefused(`The database does not answer: ${error.message}.`)
    })
    const database = new Database(client, name)
    await database.#createIndexes()
    return database
  }

  /**
   * Runs `work` as one transaction, again when one of another process was in its way; all of it happens or nothing. Those of this
   * process wait for each other: all of them write to the log's end, so at once they would only get in each other's way.
   */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    return this.#oneByOne(() => this.#client.withSession((session) => session.withTransaction(() => work(session))))
  }

  /** @throws Problem 503 unless the primary answers within 2 s */
  async ping(): Promise<void> {
    try {
      await this.db.command({ ping: 1 }, { signal: AbortSignal.timeout(2_000) })
    } catch (cause) {
      throw new Problem(503, 'unavailable', 'The database does not answer.', { retryAfter: 5, cause })
    }
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  async #createIndexes(): Promise<void> {
    await this.tokens.createIndex({ user: 1, createdAt: 1 })
    await this.scopes.createIndex({ 'members.user': 1 })
    await this.packages.createIndex({ scope: 1 })
    await this.packages.createIndex({ owners: 1 })
    await this.packages.createIndex({ folded: 1 })
    await this.packages.createIndex({ 'search.terms': 1 })
    await this.versions.createIndex({ package: 1, publishedAt: 1 })
    await this.versions.createIndex({ blob: 1 })
    await this.versions.createIndex({ 'contracts.capability': 1 })
    await this.advisories.createIndex({ package: 1 })
  }
}

/** Whether the database refused a document because its key exists. */
export function isDuplicateKey(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 11_000
}
