import { Problem } from '@dcesop/sdk-plugin'
import type { ClientSession } from 'mongodb'
import { foldName } from '../../checks/registry/fold-name.ts'
import type { CheckPipeline, Passed } from '../../checks/pipeline.ts'
import type { Json } from '@dcesop/sdk-plugin/host'
import { type Caller, isAdmin } from '../../identity/caller.ts'
import type { Scopes } from '../../identity/scopes.ts'
import type { Blobs } from '../../storage/blobs.ts'
import { type Database, isDuplicateKey } from '../../storage/database.ts'
import type { Dist, PackageDocument, VersionDocument } from '../../storage/documents.ts'
import type { PackageName } from '../names.ts'
import { checkTagCount } from '../tags.ts'
import { nextRevision } from '../revision.ts'
import { summaryOf } from '../search/summary.ts'
import { integrityOf, type PublishWish } from './submission.ts'

/**
 * Takes part in the transaction that makes a version visible: what it writes with `session` is there exactly when the version is,
 * and what it gives back becomes part of `dist`. `tags` are those that point at the version from then on. It may run again when the transaction is tried again.
 */
export type PublishParticipant = (
  version: VersionDocument,
  tags: readonly string[],
  session: ClientSession,
) => Promise<Partial<Dist>>

export interface PublisherDeps {
  readonly database: Database
  readonly blobs: Blobs
  readonly scopes: Scopes
  readonly pipeline: CheckPipeline
  readonly participants: readonly PublishParticipant[]
}

/** Makes new versions. Nobody sees one before all its checks passed, its bytes are safe, and one transaction put it in place. */
export class Publisher {
  readonly #deps: PublisherDeps

  constructor(deps: PublisherDeps) {
    this.#deps = deps
  }

  async isPublished(name: string, version: string): Promise<boolean> {
    const found = await this.#deps.database.versions.findOne({ _id: `${name}@${version}` }, { projection: { _id: 1 } })
    return found !== null
  }

  /**
   * @param besides is done in the same transaction, once the version is there
   * @throws Problem 422 with all findings, 409 when the version appeared meanwhile, 401 or 403 when the caller may not any more
   */
  async publish(
    caller: Caller,
    name: PackageName,
    wish: PublishWish,
    besides?: (session: ClientSession) => Promise<void>,
  ): Promise<VersionDocument> {
    const { tarball, version } = wish
    const passed = await this.#deps.pipeline.run(tarball.file.path, {
      name: name.full,
      scope: name.scope,
      base: name.base,
      version,
      user: caller.user,
      isAdmin: isAdmin(caller, 'any'),
    })
    await this.#deps.blobs.put(tarball.sha512, tarball.file.path)
    const document = versionDocument(caller, name, wish, passed)
    try {
      return await this.#deps.database.transaction(async (session) => {
        const complete = await this.#appear(caller, name, wish.tags, document, session)
        await besides?.(session)
        return complete
      })
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      throw new Problem(409, 'version_exists', `${document._id} was published already; a version never changes.`)
    }
  }

  async #appear(
    caller: Caller,
    name: PackageName,
    wished: PublishWish['tags'],
    document: VersionDocument,
    session: ClientSession,
  ): Promise<VersionDocument> {
    const { database, scopes, participants } = this.#deps
    await this.#isStillSignedIn(caller, session)
    if (name.scope !== null) await scopes.take(caller, name.scope, session)
    const present = await database.packages.findOne({ _id: name.full }, { session })
    if (present) scopes.requireOwner(caller, present)
    const asked = typeof wished === 'function' ? wished(present) : wished
    // The first version is the latest, whatever it is tagged: installers ask for that tag.
    const tags = present || asked.includes('latest') ? asked : [...asked, 'latest']
    let dist = document.dist
    for (const join of participants) dist = { ...dist, ...(await join({ ...document, dist }, tags, session)) }
    const complete = { ...document, dist }
    await database.versions.insertOne(complete, { session })
    const next = packageWith(present, name, tags, complete, caller)
    if (present) await database.packages.replaceOne({ _id: name.full }, next, { session })
    else await database.packages.insertOne(next, { session })
    return complete
  }

  /** A tarball may arrive for minutes, and checks take their time: by then the token may have been revoked. @throws Problem 401 */
  async #isStillSignedIn({ token }: Caller, session: ClientSession): Promise<void> {
    if (await this.#deps.database.tokens.findOne({ _id: token }, { session, projection: { _id: 1 } })) return
    throw new Problem(
      401,
      'not_signed_in',
      'The token was revoked before the version was published. Sign in anew: npm login.',
    )
  }
}

function versionDocument(
  caller: Caller,
  name: PackageName,
  { version, tarball }: PublishWish,
  { facts, results }: Passed,
): VersionDocument {
  const { fileCount, unpackedSize, signature, ui, contractsKept: _told, ...kept } = facts
  return {
    _id: `${name.full}@${version}`,
    package: name.full,
    version,
    ...kept,
    dist: { integrity: integrityOf(tarball.sha512), shasum: tarball.sha1, fileCount, unpackedSize },
    size: tarball.size,
    blob: tarball.sha512,
    publishedBy: caller.user,
    publishedAt: new Date(),
    deprecated: null,
    signedBy: (signature?.signatures ?? []).map(({ keyid }) => keyid),
    yank: null,
    ui: JSON.stringify(ui),
    checks: results,
  }
}

function packageWith(
  present: PackageDocument | null,
  name: PackageName,
  moved: readonly string[],
  version: VersionDocument,
  caller: Caller,
): PackageDocument {
  const others = (present?.tags ?? []).filter(({ tag }) => !moved.includes(tag))
  checkTagCount([...others, ...moved])
  const search = moved.includes('latest') || !present ? summaryOf(sourceOf(version)) : present.search
  return {
    _id: name.full,
    kind: version.kind,
    scope: name.scope,
    owners: present?.owners ?? (name.scope === null ? [caller.user] : []),
    tags: [...others, ...moved.map((tag) => ({ tag, version: version.version }))],
    rev: nextRevision(present?.rev),
    createdAt: present?.createdAt ?? version.publishedAt,
    modifiedAt: version.publishedAt,
    folded: foldName(name.full),
    search,
  }
}

/** What the search summary of a package is made of when this version is its latest. */
export function sourceOf({ package: name, version, manifest, readme, publishedBy, publishedAt }: VersionDocument) {
  return {
    name,
    version,
    manifest: JSON.parse(manifest) as Json,
    readme,
    publisher: publishedBy,
    date: publishedAt,
  }
}
