import type { Log } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { LogHead } from '@dcesop/sdk-plugin/signing'
import pLimit from 'p-limit'
import { type GovernanceDocument, governanceCollections } from '../../governance/governance-documents.ts'
import type { Database } from '../../storage/database.ts'
import type { VersionDocument } from '../../storage/documents.ts'
import type { LoggedState } from '../../trust/log/logged-state.ts'

type Stored = Pick<
  VersionDocument,
  '_id' | 'package' | 'version' | 'kind' | 'dist' | 'blob' | 'size' | 'publishedAt' | 'publishedBy' | 'yank' | 'checks'
>

/** A version with all that decides about it. */
export interface CatalogueVersion extends Omit<Stored, '_id'> {
  readonly id: string
  /** Null for a library. */
  readonly manifest: PluginManifest | null
  readonly governance: GovernanceDocument
}

export interface CatalogueState {
  /** The log up to which it is current. */
  readonly head: LogHead
  /** Versions by package, oldest first. */
  readonly packages: ReadonlyMap<string, readonly CatalogueVersion[]>
  /** Where the tags of a package point by the log; undefined where its entries are older than that they tell it. */
  readonly tagsOf: (name: string) => ReadonlyMap<string, string> | undefined
}

export interface CatalogueDeps {
  readonly database: Database
  readonly logged: LoggedState
  /** Of the log as far as it can be vouched for. */
  readonly head: () => Promise<LogHead>
  readonly log: Log
}

const projection = {
  package: 1,
  version: 1,
  kind: 1,
  dist: 1,
  blob: 1,
  size: 1,
  publishedAt: 1,
  publishedBy: 1,
  yank: 1,
  checks: 1,
} as const

/** All versions in memory, kept current by reading in the log which packages changed: whoever asks sees all that was done before. */
export class Catalogue {
  readonly #database: Database
  readonly #logged: LoggedState
  readonly #log: Log
  readonly #manifests = new Map<string, PluginManifest>()
  #packages = new Map<string, readonly CatalogueVersion[]>()
  #size = -1
  readonly #head: () => Promise<LogHead>
  readonly #oneByOne = pLimit(1)
  #next: Promise<CatalogueState> | undefined

  constructor({ database, logged, head, log }: CatalogueDeps) {
    this.#database = database
    this.#logged = logged
    this.#head = head
    this.#log = log
  }

  /** Who comes before a refresh has begun shares it: every installer that reads a package asks. */
  current(): Promise<CatalogueState> {
    this.#next ??= this.#oneByOne(() => {
      this.#next = undefined
      return this.#refresh()
    })
    return this.#next
  }

  async #refresh(): Promise<CatalogueState> {
    const head = await this.#head()
    await this.#logged.upTo(head)
    if (head.size !== this.#size) {
      const changed = this.#size < 0 ? undefined : this.#logged.changedSince(this.#size)
      // A new map for each state: who holds the one before goes on with it.
      const packages = new Map(this.#packages)
      for (const name of changed ?? []) packages.delete(name)
      for (const [name, versions] of await this.#load(changed)) packages.set(name, versions)
      this.#packages = packages
      this.#size = head.size
    }
    return { head, packages: this.#packages, tagsOf: (name) => this.#logged.tagsOf(name) }
  }

  async #load(names: readonly string[] | undefined): Promise<Map<string, CatalogueVersion[]>> {
    if (names?.length === 0) return new Map()
    const filter = names ? { package: { $in: [...names] } } : {}
    const [versions, decisions] = await Promise.all([
      this.#database.versions.find<Stored>(filter, { projection }).sort({ package: 1, publishedAt: 1 }).toArray(),
      governanceCollections(this.#database).governance.find(filter).toArray(),
    ])
    await this.#loadManifests(versions)
    const byId = new Map(decisions.map((decision) => [decision._id, decision]))
    const found = versions.flatMap(({ _id, ...version }): CatalogueVersion[] => {
      const governance = byId.get(_id)
      return governance ? [{ ...version, id: _id, manifest: this.#manifests.get(_id) ?? null, governance }] : []
    })
    return Map.groupBy(await this.#asLogged(found), (version) => version.package)
  }

  /** Without those that the database has in another state than the log: nobody is offered what the registry did not do. */
  async #asLogged(versions: readonly CatalogueVersion[]): Promise<CatalogueVersion[]> {
    if (versions.every((version) => this.#logged.tells(version))) return [...versions]
    // Something may have happened since the head was read; those packages are read again with the next one.
    await this.#logged.upTo(await this.#head())
    return versions.filter((version) => {
      const isTold = this.#logged.tells(version)
      if (!isTold)
        this.#log.error({ version: version.id }, 'the database says of a version what the log does not; it is left out')
      return isTold
    })
  }

  /** Manifests never change, so each is read once. */
  async #loadManifests(versions: readonly Stored[]): Promise<void> {
    const missing = versions.filter(({ _id, kind }) => kind === 'plugin' && !this.#manifests.has(_id))
    if (missing.length === 0) return
    const cursor = this.#database.versions.find(
      { _id: { $in: missing.map(({ _id }) => _id) } },
      { projection: { plugin: 1 } },
    )
    for await (const { _id, plugin } of cursor)
      if (plugin !== null) this.#manifests.set(_id, JSON.parse(plugin) as PluginManifest)
  }
}
