import { Problem } from '@dcesop/sdk-plugin'
import type { ClientSession } from 'mongodb'
import { isDeepStrictEqual } from 'node:util'
import { isObject, type Json } from '@dcesop/sdk-plugin/host'
import type { Caller } from '../identity/caller.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Database } from '../storage/database.ts'
import type { PackageDocument, VersionDocument } from '../storage/documents.ts'
import type { LogWish, TransparencyLog } from '../trust/log/transparency-log.ts'
import type { PackageName } from './names.ts'
import { maintainersOf, packumentSource } from './packument-source.ts'
import { manifestText, type PackumentSource, packumentText } from './packument.ts'
import { sourceOf } from './publish/publisher.ts'
import { findPackage } from './read-routes.ts'
import { nextRevision } from './revision.ts'
import { loggedVersions, type PackageSources, shownPackage, type ShownVersion } from './shown-package.ts'
import { summaryOf } from './search/summary.ts'
import { checkTagCount } from './tags.ts'
import { unpublishRefused } from './unpublish-refused.ts'

const longestMessage = 1024

/** What clients change by putting a package document without a tarball: `deprecated` of versions, and owners of unscoped packages. */
export class PackageChanges {
  readonly #database: Database
  readonly #sources: PackageSources
  readonly #scopes: Scopes
  readonly #log: TransparencyLog

  constructor(sources: PackageSources, scopes: Scopes, log: TransparencyLog) {
    this.#sources = sources
    this.#database = sources.database
    this.#scopes = scopes
    this.#log = log
  }

  /**
   * @param rev as the address names it, if it does
   * @throws Problem 403 for any other change, 409 `stale_revision` when the document was read before another change
   */
  async apply({ user }: Caller, name: PackageName, document: Json, rev?: string): Promise<void> {
    const found = await findPackage(this.#database, name.full)
    const { _rev, versions, users, maintainers } = document
    if ([_rev, rev].some((read) => read !== undefined && read !== found.rev)) throw stale(name.full)
    if (isObject(versions)) return this.#deprecate(user, found, document, versions)
    if (isObject(users)) throw new Problem(403, 'not_supported', 'This registry keeps no stars.')
    if (Array.isArray(maintainers)) return this.#setOwners(user, found, maintainers)
    throw new Problem(400, 'invalid_publish', 'The document has neither a tarball nor versions.')
  }

  /** Points a tag at a version, or removes it. @throws Problem 404 for an unknown version or tag, 400 for removing `latest` */
  async setTag({ user }: Caller, name: string, tag: string, version: string | null): Promise<void> {
    // Nobody says what was before, so that no other change is in the way: what is changed is read in the same transaction.
    await this.#database.transaction(async (session) => {
      const found = await findPackage(this.#database, name, session)
      const before = found.tags.find((present) => present.tag === tag)?.version ?? null
      if (version === null && tag === 'latest')
        throw new Problem(400, 'invalid_tag', '"latest" can be moved to another version, and never removed.')
      if (version === null && before === null)
        throw new Problem(404, 'package_not_found', `${name} has no tag "${tag}".`)
      const target = version === null ? null : await this.#offered(name, version, session)
      if (version !== null && !target)
        throw new Problem(404, 'package_not_found', `There is no version ${JSON.stringify(version)} of ${name}.`)
      const others = found.tags.filter((present) => present.tag !== tag)
      const tags = version === null ? others : [...others, { tag, version }]
      checkTagCount(tags)
      const search = tag === 'latest' && target ? summaryOf(sourceOf(target)) : found.search
      const kind = version === null ? 'tag.removed' : 'tag.moved'
      await this.#replace(found, { tags, search }, { kind, actor: user, body: { tag, version, before } }, session)
    })
  }

  /** A version that is in the log and not yanked by it; its text. */
  async #offered(name: string, version: string, session: ClientSession): Promise<VersionDocument | null> {
    const logged = (await loggedVersions(this.#sources, name)).find((one) => one.version === version)
    if (!logged || logged.yank !== null) return null
    // Read in the transaction, in which a yank that comes meanwhile is in the way.
    return this.#database.versions.findOne({ _id: logged.id, yank: null }, { session })
  }

  async #deprecate(actor: string, found: PackageDocument, document: Json, sent: Json): Promise<void> {
    const maintainers = await maintainersOf(found, this.#scopes)
    const source = await packumentSource(this.#sources, await shownPackage(this.#sources, found), maintainers, 'full')
    checkNothingElse(source, document, sent)
    const stored = source.versions
    const changed = stored.flatMap((version) => {
      const message = messageOf(version, (sent[version.version] as Json)['deprecated'])
      return message === version.deprecated ? [] : [{ id: version._id, version: version.version, message }]
    })
    if (changed.length === 0) return
    await this.#database.transaction(async (session) => {
      for (const { id, message } of changed)
        await this.#database.versions.updateOne({ _id: id }, { $set: { deprecated: message } }, { session })
      const latest = changed.find(({ version }) => version === found.search.version)
      const deprecated = latest ? latest.message !== null : found.search.deprecated
      const change = { rev: nextRevision(found.rev), modifiedAt: new Date(), 'search.deprecated': deprecated }
      const { matchedCount } = await this.#database.packages.updateOne(
        { _id: found._id, rev: found.rev },
        { $set: change },
        { session },
      )
      if (matchedCount === 0) throw stale(found._id)
      for (const { id, message } of changed) {
        const wish = { kind: 'version.deprecated', subject: id, actor, body: { message }, package: found._id }
        await this.#log.append(wish, session)
      }
    })
  }

  async #setOwners(actor: string, found: PackageDocument, maintainers: readonly unknown[]): Promise<void> {
    if (found.scope !== null)
      throw new Problem(
        403,
        'not_supported',
        `The members of @${found.scope} own all of its packages: npm org set ${found.scope} <user> developer, npm org rm ${found.scope} <user>.`,
      )
    const owners = [...new Set(maintainers.map((entry) => (isObject(entry) ? entry['name'] : undefined)))]
    const known = await this.#database.accounts.countDocuments({ _id: { $in: owners as string[] } })
    if (owners.length === 0 || known !== owners.length)
      throw new Problem(400, 'invalid_publish', '"maintainers" must name one account or more, each of them known here.')
    const body = { owners, before: found.owners }
    const change = { owners: owners as string[] }
    await this.#database.transaction((session) =>
      this.#replace(found, change, { kind: 'package.owners', actor, body }, session),
    )
  }

  /** Changes the package and says so in the log, or neither. */
  async #replace(
    found: PackageDocument,
    change: Partial<PackageDocument>,
    entry: Pick<LogWish, 'kind' | 'actor' | 'body'>,
    session: ClientSession,
  ): Promise<void> {
    const { matchedCount } = await this.#database.packages.updateOne(
      { _id: found._id, rev: found.rev },
      { $set: { ...change, rev: nextRevision(found.rev), modifiedAt: new Date() } },
      { session },
    )
    if (matchedCount === 0) throw stale(found._id)
    await this.#log.append({ ...entry, subject: found._id, package: found._id }, session)
  }
}

/** @throws Problem 403 for anything that a published version does not allow to change */
function checkNothingElse(source: PackumentSource, document: Json, sent: Json): void {
  const { versions: stored } = source
  const gone = stored.find(({ version }) => !isObject(sent[version]))
  if (gone) throw unpublishRefused(gone._id)
  const known = new Set(stored.map(({ version }) => version))
  const added = Object.keys(sent).find((version) => !known.has(version))
  if (added !== undefined)
    throw new Problem(400, 'invalid_publish', `The document adds version ${JSON.stringify(added)} without its tarball.`)
  for (const version of stored) {
    const served = JSON.parse(manifestText(version, 'full', '')) as Json
    if (isDeepStrictEqual(comparable(served), comparable(sent[version.version] as Json))) continue
    throw new Problem(
      403,
      'not_supported',
      `Of ${version._id} only "deprecated" can be changed; publish a new version.`,
    )
  }
  const served = JSON.parse(packumentText(source, 'full', '')) as Json
  const changed = Object.keys(document).find((member) => !same(member, document[member], served[member]))
  if (changed === 'dist-tags')
    throw new Problem(403, 'not_supported', 'Tags are changed by "npm dist-tag", not in the document.')
  if (changed !== undefined)
    throw new Problem(
      403,
      'not_supported',
      `${JSON.stringify(changed.slice(0, 100))} cannot be changed in the document, only "deprecated" of its versions.`,
    )
}

/** Versions are looked at one by one; what begins with an underscore, except for the id, is between client and registry. */
function same(member: string, sent: unknown, served: unknown): boolean {
  if (member === 'versions' || (member.startsWith('_') && member !== '_id')) return true
  // Readers of the stream make objects without a prototype.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(sent ?? null)), served ?? null)
}

/** Without what may change, and without the address, which depends on how the reader came here. */
function comparable({ deprecated: _deprecated, dist, ...rest }: Json): Json {
  const { tarball: _tarball, ...sums } = isObject(dist) ? dist : {}
  return { ...rest, dist: sums }
}

function messageOf({ _id }: ShownVersion, message: unknown): string | null {
  if (message === undefined || message === null || message === '') return null
  if (typeof message === 'string' && message.length <= longestMessage) return message
  throw new Problem(
    400,
    'invalid_publish',
    `"deprecated" of ${_id} must be a text of at most ${longestMessage} characters.`,
  )
}

function stale(name: string): Problem {
  return new Problem(409, 'stale_revision', `${name} has changed since you read it; run the command again.`)
}
