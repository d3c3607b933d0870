import type { Caller } from '../identity/caller.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Database } from '../storage/database.ts'
import type { TransparencyLog } from '../trust/log/transparency-log.ts'
import { findVersion } from './find-version.ts'
import { governanceCollections } from './governance-documents.ts'
import { refused } from './refusals.ts'
import { requireOwner } from './rights.ts'

export interface ChannelsDeps {
  readonly database: Database
  readonly scopes: Scopes
  readonly log: TransparencyLog
  /** From the least to the most stable. */
  readonly channels: readonly string[]
}

/** How stable versions are said to be: whoever follows a channel gets what is in it and in the more stable ones. */
export class Channels {
  readonly #deps: ChannelsDeps

  constructor(deps: ChannelsDeps) {
    this.#deps = deps
  }

  /** @returns the channel in which it was @throws Problem 400 for an unknown channel, 403, 404, 409 `channel_not_possible` when it is there already or yanked */
  async move(caller: Caller, id: string, number: string, channel: string): Promise<string> {
    const { database, scopes, log, channels } = this.#deps
    if (!channels.includes(channel)) throw refused('no_channel', { channel, channels })
    return database.transaction(async (session) => {
      const { version, governance, scope } = await findVersion(database, id, number, session)
      await requireOwner(scopes, caller, version, scope)
      const from = governance.channel
      if (version.yank) throw refused('moved_yanked', { version: version._id })
      if (from === channel) throw refused('in_channel', { version: version._id, channel })
      await governanceCollections(database).governance.updateOne(
        { _id: version._id },
        { $set: { channel } },
        { session },
      )
      const kind = channels.indexOf(channel) > channels.indexOf(from) ? 'version.promoted' : 'version.demoted'
      const body = { from, to: channel }
      await log.append({ kind, subject: version._id, actor: caller.user, body, package: version.package }, session)
      return from
    })
  }
}
