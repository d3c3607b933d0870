import { clockSkewMs, type Yank } from '@dcesop/sdk-plugin/signing'
import type { ClientSession } from 'mongodb'
import { type Caller, isAdmin } from '../identity/caller.ts'
import type { Scopes } from '../identity/scopes.ts'
import { tagsLeft } from '../packages/tags-left.ts'
import { sourceOf } from '../packages/publish/publisher.ts'
import { nextRevision } from '../packages/revision.ts'
import { summaryOf } from '../packages/search/summary.ts'
import type { Database } from '../storage/database.ts'
import type { PackageDocument, VersionDocument } from '../storage/documents.ts'
import type { TransparencyLog } from '../trust/log/transparency-log.ts'
import { findVersion, type FoundVersion, requireSeen } from './find-version.ts'
import { refused } from './refusals.ts'
import { requireOwner } from './rights.ts'

/** Only administrators say that something is unlawful or dangerous. */
const forAdministrators: readonly Yank['class'][] = ['security', 'legal']

/** A yank for security is for ever: were it made a legal one, it could be taken back. */
const severity: Readonly<Record<Yank['class'], number>> = { withdrawn: 0, defect: 0, legal: 1, security: 2 }

/** Takes versions out of what is offered, and back where that is allowed. */
export class Yanks {
  readonly #database: Database
  readonly #scopes: Scopes
  readonly #log: TransparencyLog

  constructor(database: Database, scopes: Scopes, log: TransparencyLog) {
    this.#database = database
    this.#scopes = scopes
    this.#log = log
  }

  /** A yank may become more severe, never less. @throws Problem 400 for a deadline that is over, 403, 404, 409 `yank_not_possible`, 412 when it is not what was seen */
  async yank(caller: Caller, id: string, number: string, wish: Yank, ifMatch?: string): Promise<Yank> {
    checkDeadline(wish.deadline)
    return this.#change(caller, id, number, wish, (found) => {
      requireSeen(ifMatch, found)
      const present = found.version.yank
      if (forAdministrators.includes(wish.class) && !isAdmin(caller, 'any'))
        throw refused('yank_of_class', { kind: wish.class })
      if (present && severity[wish.class] < severity[present.class])
        throw refused('yanked_for', { kind: present.class })
    }).then(() => wish)
  }

  /** @throws Problem 403, 404, 409 for a security yank, which is for ever */
  async restore(caller: Caller, id: string, number: string, reason: string, ifMatch?: string): Promise<void> {
    await this.#change(
      caller,
      id,
      number,
      null,
      (found) => {
        requireSeen(ifMatch, found)
        const present = found.version.yank
        if (!present) throw refused('not_yanked')
        if (present.class === 'security') throw refused('yanked_for_ever')
        if (present.class === 'legal' && !isAdmin(caller, 'any'))
          throw refused('restore_of_class', { kind: present.class })
      },
      reason,
    )
  }

  /**
   * What the registry that a version came from decided about it.
   * @param keep remembers that in the same transaction
   */
  async follow(
    caller: Caller,
    { package: name, version }: Pick<VersionDocument, 'package' | 'version'>,
    yank: Yank | null,
    root: string,
    keep: (session: ClientSession) => Promise<void>,
  ): Promise<void> {
    const reason = yank?.reason ?? 'The registry that it came from took its yank back.'
    await this.#change(caller, name, version, yank, () => undefined, reason, { root, keep })
  }

  async #change(
    caller: Caller,
    id: string,
    number: string,
    yank: Yank | null,
    check: (found: FoundVersion) => void,
    reason = yank?.reason,
    followed?: { readonly root: string; readonly keep: (session: ClientSession) => Promise<void> },
  ): Promise<void> {
    await this.#database.transaction(async (session) => {
      const found = await findVersion(this.#database, id, number, session)
      const { version, scope } = found
      await requireOwner(this.#scopes, caller, version, scope)
      check(found)
      await this.#database.versions.updateOne({ _id: version._id }, { $set: { yank } }, { session })
      await this.#retag(version.package, session)
      const cause = yank ? { ...yank, integrity: version.dist.integrity } : { reason }
      const body = followed ? { ...cause, root: followed.root } : cause
      await followed?.keep(session)
      const kind = yank ? 'version.yanked' : 'version.restored'
      const entry = { kind, subject: version._id, actor: caller.user, body, package: version.package }
      await this.#log.append(entry, session)
    })
  }

  /** No tag points at a yanked version, and `latest` at the newest that is left. */
  async #retag(name: string, session: ClientSession): Promise<void> {
    const { versions, packages } = this.#database
    const found = (await packages.findOne({ _id: name }, { session })) as PackageDocument
    const left = await versions.find({ package: name, yank: null }, { session, projection: { version: 1 } }).toArray()
    const pointing = new Map(found.tags.map(({ tag, version }) => [tag, version]))
    const kept = tagsLeft(
      pointing,
      left.map(({ version }) => version),
    )
    const tags = [...kept].map(([tag, version]) => ({ tag, version }))
    const latest = kept.get('latest')
    const document = latest && (await versions.findOne({ _id: `${name}@${latest}` }, { session }))
    // Nothing is left to be found.
    const search = document ? summaryOf(sourceOf(document)) : { ...found.search, terms: [] }
    const change = { tags, search, rev: nextRevision(found.rev), modifiedAt: new Date() }
    await packages.updateOne({ _id: name }, { $set: change }, { session })
  }
}

/** A date of the past is a slip of the hand, and would stop what runs at once. @throws Problem 400 */
function checkDeadline(deadline: string | null): void {
  const now = Date.now()
  if (deadline === null || Date.parse(deadline) > now - clockSkewMs) return
  throw refused('deadline_over', { deadline, now: new Date(now).toISOString() })
}
