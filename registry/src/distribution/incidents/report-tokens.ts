import { Problem } from '@dcesop/sdk-plugin'
import { randomBytes } from 'node:crypto'
import type { Collection } from 'mongodb'
import type { Caller } from '../../identity/caller.ts'
import { digest, newToken } from '../../identity/secrets.ts'
import type { Database } from '../../storage/database.ts'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'
import { type Instances, requireAdministrator } from '../instances/instances.ts'

interface ReportTokenDocument {
  /** Id of the instance. */
  readonly _id: string
  /** SHA-256 of the token; null once it was revoked. */
  readonly digest: string | null
  /** Stands for the instance in what publishers read; made at random, since names of instances can be guessed. */
  readonly reference: string
}

/** Who reports. */
export interface Reporter {
  readonly instance: string
  readonly reference: string
}

/** One token for each instance, good for reporting incidents and for nothing else. */
export class ReportTokens {
  readonly #database: Database
  readonly #instances: Instances
  readonly #log: TransparencyLog

  constructor(database: Database, instances: Instances, log: TransparencyLog) {
    this.#database = database
    this.#instances = instances
    this.#log = log
  }

  get #tokens(): Collection<ReportTokenDocument> {
    return this.#database.db.collection('report_tokens')
  }

  async prepare(): Promise<void> {
    await this.#tokens.createIndex({ digest: 1 })
  }

  /** In place of the one before. @returns the token, which nobody can read again @throws Problem 403, 404 */
  async issue(caller: Caller, instance: string): Promise<string> {
    const token = newToken()
    await this.#change(caller, instance, digest(token), 'instance.report_token_issued')
    return token
  }

  /** @throws Problem 403, 404 */
  revoke(caller: Caller, instance: string): Promise<void> {
    return this.#change(caller, instance, null, 'instance.report_token_revoked')
  }

  /** @throws Problem 401 */
  async reporterOf(token: string | undefined): Promise<Reporter> {
    const found = token === undefined ? null : await this.#tokens.findOne({ digest: digest(token) })
    if (!found) throw new Problem(401, 'report_token_invalid', 'Incidents are reported with the token of an instance.')
    return { instance: found._id, reference: found.reference }
  }

  async #change(caller: Caller, instance: string, hash: string | null, kind: string): Promise<void> {
    requireAdministrator(caller, (await this.#instances.find(instance)).regions)
    await this.#database.transaction(async (session) => {
      await this.#tokens.updateOne(
        { _id: instance },
        { $set: { digest: hash }, $setOnInsert: { reference: randomBytes(6).toString('hex') } },
        { upsert: true, session },
      )
      await this.#log.append({ kind, subject: `instance:${instance}`, actor: caller.user, body: {} }, session)
    })
  }
}
