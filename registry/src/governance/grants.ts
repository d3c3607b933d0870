import { Problem } from '@dcesop/sdk-plugin'
import { type Caller, isAdmin } from '../identity/caller.ts'
import type { Database } from '../storage/database.ts'
import type { TransparencyLog } from '../trust/log/transparency-log.ts'
import { type GrantDocument, governanceCollections } from './governance-documents.ts'

export type GrantWish = Pick<GrantDocument, 'kind' | 'publisher'> & { readonly name?: string }

/** Rights that administrators give publishers: to be mandatory, and to use a reserved name. */
export class Grants {
  readonly #database: Database
  readonly #log: TransparencyLog

  constructor(database: Database, log: TransparencyLog) {
    this.#database = database
    this.#log = log
  }

  list(): Promise<GrantDocument[]> {
    return governanceCollections(this.#database).grants.find().sort({ _id: 1 }).toArray()
  }

  /** @throws Problem 400, 403 */
  async give(caller: Caller, wish: GrantWish): Promise<void> {
    await this.#change(caller, 'grant.given', wish)
  }

  /** @throws Problem 403, 404 */
  async take(caller: Caller, wish: GrantWish): Promise<void> {
    await this.#change(caller, 'grant.taken', wish)
  }

  async #change(caller: Caller, kind: 'grant.given' | 'grant.taken', wish: GrantWish): Promise<void> {
    if (!isAdmin(caller)) throw new Problem(403, 'forbidden', 'Administrators of all regions give and take grants.')
    if ((wish.kind === 'reserved') !== (wish.name !== undefined))
      throw new Problem(400, 'invalid_request', 'A grant of a reserved name has the "name", and no other has.')
    const { grants } = governanceCollections(this.#database)
    const _id = [wish.kind, wish.publisher, ...(wish.name ? [wish.name] : [])].join(' ')
    await this.#database.transaction(async (session) => {
      if (kind === 'grant.given') {
        const first = { ...wish, name: wish.name ?? null, grantedBy: caller.user, grantedAt: new Date() }
        const { upsertedCount } = await grants.updateOne({ _id }, { $setOnInsert: first }, { upsert: true, session })
        if (upsertedCount === 0) return
      } else {
        const { deletedCount } = await grants.deleteOne({ _id }, { session })
        if (deletedCount === 0) throw new Problem(404, 'not_found', 'There is no such grant.')
      }
      const entry = { kind, subject: `@${wish.publisher}`, actor: caller.user, body: { ...wish } }
      await this.#log.append(entry, session)
    })
  }
}
