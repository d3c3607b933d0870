import type { Yank } from '@dcesop/sdk-plugin/signing'
import { isDeepStrictEqual } from 'node:util'
import type { Yanks } from '../../governance/yanks.ts'
import type { Caller } from '../../identity/caller.ts'
import type { Database } from '../../storage/database.ts'
import type { ForeignBundle } from './open-foreign-bundle.ts'
import type { OriginDocument, Origins } from './origins.ts'

export interface FollowedYank {
  readonly package: string
  readonly version: string
  /** Null when it was taken back. */
  readonly yank: Yank | null
}

/** Yanks of the registry that a version came from, there and back. What people of this registry decided themselves stays. */
export class ForeignYanks {
  readonly #database: Database
  readonly #yanks: Yanks
  readonly #origins: Origins

  constructor(database: Database, yanks: Yanks, origins: Origins) {
    this.#database = database
    this.#yanks = yanks
    this.#origins = origins
  }

  /** @returns what has changed here */
  async follow(caller: Caller, bundle: ForeignBundle): Promise<FollowedYank[]> {
    const followed: FollowedYank[] = []
    for (const origin of await this.#origins.from(bundle.root)) {
      const one = await this.#followOne(caller, bundle, origin)
      if (one) followed.push(one)
    }
    return followed
  }

  async #followOne(caller: Caller, { root, snapshot }: ForeignBundle, origin: OriginDocument) {
    const here = await this.#database.versions.findOne({ _id: origin._id })
    const there = here && snapshot.packages[here.package]?.versions[here.version]
    if (!there || there.integrity !== here.dist.integrity) return undefined
    const [before, yank] = [origin.yank ?? null, there.yank ?? null]
    if (isDeepStrictEqual(before, yank) || !isDeepStrictEqual(here.yank, before)) return undefined
    await this.#yanks.follow(caller, here, yank, root, (session) => this.#origins.keepYank(origin._id, yank, session))
    return { package: here.package, version: here.version, yank }
  }
}
