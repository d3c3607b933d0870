import { Problem } from '@dcesop/sdk-plugin'
import type { Collection } from 'mongodb'
import { isDeepStrictEqual } from 'node:util'
import { type Caller, isAdmin } from '../../identity/caller.ts'
import type { Database } from '../../storage/database.ts'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'

/** Installations that follow another channel than their instance. */
export interface FollowedChannel {
  readonly plugin: string
  /** Every region that is not named itself, when left out. */
  readonly region?: string
  readonly channel: string
}

/** What the registry knows of an instance: enough to say what its shell may load. */
export interface InstanceWish {
  readonly regions: readonly string[]
  readonly channel: string
  /** One at most for each plugin and region. An instance of before has none. */
  readonly installations?: readonly FollowedChannel[]
  readonly dcesop: string
  readonly sdk: string
  readonly node: string
  /** Where its users reach it; null when they need not be told. */
  readonly origin: string | null
}

export interface InstanceDocument extends InstanceWish {
  readonly _id: string
  /** Grows with each change. */
  readonly revision: number
}

/** Instances that an administrator of their regions made known. */
export class Instances {
  readonly #database: Database
  readonly #log: TransparencyLog

  constructor(database: Database, log: TransparencyLog) {
    this.#database = database
    this.#log = log
  }

  get #instances(): Collection<InstanceDocument> {
    return this.#database.db.collection('instances')
  }

  list(): Promise<InstanceDocument[]> {
    return this.#instances.find().sort({ _id: 1 }).limit(1000).toArray()
  }

  /** @throws Problem 404 */
  async find(id: string): Promise<InstanceDocument> {
    const found = await this.#instances.findOne({ _id: id })
    if (!found) throw new Problem(404, 'not_found', `No instance "${id}" is known; an administrator makes it known.`)
    return found
  }

  /** What the instance itself says that it follows; nothing else of it changes. @returns its revision @throws Problem 404 */
  async follow(id: string, followed: Required<Pick<InstanceWish, 'channel' | 'installations'>>): Promise<number> {
    return this.#database.transaction(async (session) => {
      const { _id, revision, ...present } = await this.find(id)
      const { channel, installations = [] } = present
      if (isDeepStrictEqual({ channel, installations }, followed)) return revision
      const wish = { ...present, ...followed }
      const next = { ...wish, revision: revision + 1 }
      const { matchedCount } = await this.#instances.replaceOne({ _id, revision }, next, { session })
      if (matchedCount === 0) throw new Problem(409, 'conflict', `The instance "${id}" was described anew meanwhile.`)
      const actor = `instance:${id}`
      await this.#log.append({ kind: 'instance.described', subject: actor, actor, body: { ...wish } }, session)
      return next.revision
    })
  }

  /** @throws Problem 403 unless the caller is an administrator of each of its regions, those that it had included */
  async put(caller: Caller, id: string, wish: InstanceWish): Promise<InstanceDocument> {
    return this.#database.transaction(async (session) => {
      const present = await this.#instances.findOne({ _id: id }, { session })
      requireAdministrator(caller, [...(present?.regions ?? []), ...wish.regions])
      const document = { ...wish, revision: (present?.revision ?? 0) + 1 }
      await this.#instances.replaceOne({ _id: id }, document, { upsert: true, session })
      const entry = { kind: 'instance.described', subject: `instance:${id}`, actor: caller.user, body: { ...wish } }
      await this.#log.append(entry, session)
      return { _id: id, ...document }
    })
  }
}

/** @throws Problem 403 unless the caller is an administrator of each of the regions */
export function requireAdministrator(caller: Caller, regions: readonly string[]): void {
  const foreign = regions.find((region) => !isAdmin(caller, region))
  if (foreign !== undefined)
    throw new Problem(403, 'forbidden', `Administrators of "${foreign}" say which instances serve it.`)
}
