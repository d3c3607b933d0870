import { Problem } from '@dcesop/sdk-plugin'
import { TrustError } from '@dcesop/sdk-plugin/signing'
import type { ClientSession } from 'mongodb'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import pLimit from 'p-limit'
import semver from 'semver'
import type { Caller } from '../../identity/caller.ts'
import type { Scopes } from '../../identity/scopes.ts'
import { parseName } from '../../packages/names.ts'
import type { StoredAttachment } from '../../packages/publish/base64-sink.ts'
import type { Publisher } from '../../packages/publish/publisher.ts'
import type { Database } from '../../storage/database.ts'
import type { PackageDocument } from '../../storage/documents.ts'
import type { Spool } from '../../storage/spool.ts'
import type { ForeignApprovals } from './foreign-approvals.ts'
import type { ForeignKeys } from './foreign-keys.ts'
import type { FollowedYank, ForeignYanks } from './foreign-yanks.ts'
import {
  type ForeignBundle,
  type ForeignBundleOptions,
  openForeignBundle,
  type ForeignPackage,
} from './open-foreign-bundle.ts'

export interface BundleImportsDeps extends ForeignBundleOptions {
  readonly database: Database
  readonly scopes: Scopes
  readonly spool: Spool
  readonly publisher: Publisher
  readonly keys: ForeignKeys
  readonly approvals: ForeignApprovals
  readonly yanks: ForeignYanks
}

export interface ImportedVersion {
  readonly package: string
  readonly version: string
  /** False when it was here before. */
  readonly isNew: boolean
  /** Regions whose approval was taken over. */
  readonly approvedIn: readonly string[]
}

export interface LeftVersion {
  readonly package: string
  readonly version: string
  readonly code: string
  readonly detail: string
}

export interface BundleReport {
  readonly root: string
  readonly snapshot: number
  readonly packages: readonly ImportedVersion[]
  /** What this registry's own rules do not let in. */
  readonly left: readonly LeftVersion[]
  /** Versions that came from there at any time, and were yanked or taken back there since. */
  readonly yanks: readonly FollowedYank[]
}

/** Takes over what another registry published. Nothing is stored before the whole bundle was verified; a repeated import changes nothing. */
export class BundleImports {
  readonly #deps: BundleImportsDeps
  readonly #oneByOne = pLimit(1)

  constructor(deps: BundleImportsDeps) {
    this.#deps = deps
  }

  /**
   * One after the other: of two with the same versions the second finds them here, and of many only one is in memory. A slow one is
   * waited for by nobody. @throws Problem 422 `bundle_refused`
   */
  async import(caller: Caller, source: Readable): Promise<BundleReport> {
    const file = await this.#deps.spool.receive(source)
    try {
      return await this.#oneByOne(() => this.#import(caller, createReadStream(file.path)))
    } finally {
      await file.discard()
    }
  }

  async #import(caller: Caller, content: Readable): Promise<BundleReport> {
    const bundle = await asProblem(() => openForeignBundle(content, this.#deps))
    await asProblem(() => this.#noteState(bundle))
    const [packages, left]: [ImportedVersion[], LeftVersion[]] = [[], []]
    for (const one of bundle.packages) {
      try {
        packages.push(await this.#take(caller, bundle, one))
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        left.push({ package: one.name, version: one.version, code: error.code, detail: error.detail })
      }
    }
    const { root, snapshot } = bundle
    const yanks = await this.#deps.yanks.follow(caller, bundle)
    return { root, snapshot: snapshot.number, packages, left, yanks }
  }

  /** Before anything of it is taken: since an import was cut off, or by another registry on this database, a newer one may have come. @throws TrustError */
  async #noteState({ root, snapshot: { number } }: ForeignBundle): Promise<void> {
    const { origins } = this.#deps
    await origins.saw(root, number)
    const newest = await origins.seen(root)
    if (number < newest)
      throw new TrustError('rolled_back', `Snapshot ${number} is older than ${newest}, which was imported meanwhile.`)
  }

  async #take(caller: Caller, bundle: ForeignBundle, one: ForeignPackage): Promise<ImportedVersion> {
    const { database, scopes, keys, approvals } = this.#deps
    const name = parseName(one.name)
    await scopes.mayWrite(caller, name)
    const id = `${one.name}@${one.version}`
    const present = await database.versions.findOne({ _id: id }, { projection: { dist: 1 } })
    if (present && present.dist.integrity !== one.integrity)
      throw new Problem(409, 'version_exists', `${id} is here with other bytes; a version never changes.`)
    const approve = (session: ClientSession) => approvals.take(caller, bundle, one, session)
    let approvedIn: readonly string[] = []
    if (present) approvedIn = await database.transaction(approve)
    else {
      await keys.take(caller, name.scope, bundle)
      // Whatever ends this registry in the midst, no version is here without what is known of where it came from.
      await this.#publish(caller, one, async (session) => void (approvedIn = await approve(session)))
    }
    return { package: one.name, version: one.version, isNew: !present, approvedIn }
  }

  /** As its publisher would: all checks of this registry, its signature, its log. */
  async #publish(
    caller: Caller,
    { name, version, tarball }: ForeignPackage,
    besides: (session: ClientSession) => Promise<void>,
  ): Promise<void> {
    const { spool, publisher } = this.#deps
    const tags = (present: PackageDocument | null) => {
      const latest = present?.tags.find(({ tag }) => tag === 'latest')?.version
      return latest === undefined || semver.gt(version, latest) ? ['latest'] : []
    }
    const stored = await spooled(spool, tarball)
    try {
      await publisher.publish(caller, parseName(name), { version, tags, tarball: stored }, besides)
    } finally {
      await stored.file.discard()
    }
  }
}

/** @throws Problem 422 `bundle_refused` for what is not believed */
async function asProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TrustError)) throw error
    throw new Problem(422, 'bundle_refused', error.message, { cause: error, extensions: { fault: error.code } })
  }
}

async function spooled(spool: Spool, content: Buffer): Promise<StoredAttachment> {
  const file = await spool.create()
  await file.write(content)
  await file.close()
  const [sha1, sha512] = ['sha1', 'sha512'].map((sum) => createHash(sum).update(content).digest('hex')) as [
    string,
    string,
  ]
  return { file, size: content.length, sha1, sha512 }
}
