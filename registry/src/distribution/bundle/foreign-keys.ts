import type { Caller } from '../../identity/caller.ts'
import type { Database } from '../../storage/database.ts'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'
import { publisherKeyCollection } from '../../trust/publisher-keys/publisher-key-documents.ts'
import type { ForeignBundle } from './open-foreign-bundle.ts'

/** Publishers' keys that another registry verified. */
export class ForeignKeys {
  readonly #database: Database
  readonly #log: TransparencyLog

  constructor(database: Database, log: TransparencyLog) {
    this.#database = database
    this.#log = log
  }

  /** Takes over those that are not known here; a key that is, stays as it is, also revoked. */
  async take({ user }: Caller, publisher: string | null, { root, snapshot }: ForeignBundle): Promise<void> {
    if (publisher === null) return
    for (const { keyid, spki, from, until } of snapshot.publishers[publisher] ?? [])
      await this.#database.transaction(async (session) => {
        const key = {
          publisher,
          spki,
          state: 'active' as const,
          registeredBy: user,
          registeredAt: new Date(),
          verifiedBy: user,
          from: new Date(from),
          until: until === null ? null : new Date(until),
          revoked: null,
        }
        const { upsertedCount } = await publisherKeyCollection(this.#database).updateOne(
          { _id: keyid },
          { $setOnInsert: key },
          { upsert: true, session },
        )
        const entry = { kind: 'publisher-key.imported', subject: `@${publisher}`, actor: user, body: { keyid, root } }
        if (upsertedCount > 0) await this.#log.append(entry, session)
      })
  }
}
