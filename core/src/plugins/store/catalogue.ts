import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { Connection } from 'mongoose'
import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import type { StoredPackage } from './package-store.ts'

/** A package that can be installed. */
export interface CatalogueEntry extends StoredPackage {
  readonly source: 'bundled' | 'upload'
  readonly putAt: Date
}

interface PackageDocument {
  /** The package's digest. */
  _id: string
  id: string
  version: string
  listHash: string
  /** JSON text: manifests may hold schemas with `$` keys, which are no field names for a database. */
  manifest: string
  source: 'bundled' | 'upload'
  putAt: Date
  superseded: boolean
}

/** Which package stands for (plugin, version); kept in the core database. */
export class Catalogue {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get #packages() {
    return this.#connection.collection<PackageDocument>('plugin_packages', { writeConcern: { w: 'majority', j: true } })
  }

  /**
   * Records a stored package. A version is immutable: other bytes under a known version are refused from an upload, while
   * those of the release take the place of the release's earlier build.
   * @throws Problem 409 `version_exists`
   */
  async add(stored: StoredPackage, source: CatalogueEntry['source'], putAt: Date): Promise<CatalogueEntry> {
    const { id, version } = stored.manifest
    const known = await this.find(id, version)
    if (known?.digest === stored.digest) return known
    if (known && source === 'upload') {
      throw new Problem(
        409,
        'version_exists',
        `Version ${version} of "${id}" exists with other content. Give the package a new version.`,
      )
    }
    const { digest, listHash, manifest } = stored
    const fields = { id, version, listHash, manifest: JSON.stringify(manifest), source, putAt, superseded: false }
    await this.#packages.updateOne({ _id: digest }, { $set: fields }, { upsert: true })
    if (known) await this.#packages.updateOne({ _id: known.digest }, { $set: { superseded: true } })
    return { ...stored, source, putAt }
  }

  async find(id: string, version: string): Promise<CatalogueEntry | undefined> {
    const found = await this.#packages.findOne({ id, version, superseded: false })
    return found ? toEntry(found) : undefined
  }

  async byDigest(digest: string): Promise<CatalogueEntry | undefined> {
    const found = await this.#packages.findOne({ _id: digest })
    return found ? toEntry(found) : undefined
  }

  /** The package of a version whose digest starts with `prefix`, superseded builds included. */
  async byPrefix(id: string, version: string, prefix: string): Promise<CatalogueEntry | undefined> {
    const found = await this.#packages.find({ id, version }).toArray()
    const match = found.find(({ _id }) => _id.startsWith(prefix))
    return match ? toEntry(match) : undefined
  }

  async prepare(): Promise<void> {
    await this.#packages.createIndex({ id: 1, version: 1 })
  }

  /** Every version that can be installed, the newest of each plugin first. */
  async list(): Promise<CatalogueEntry[]> {
    const all = await this.#packages.find({ superseded: false }).toArray()
    return all
      .map(toEntry)
      .sort(
        (a, b) => a.manifest.id.localeCompare(b.manifest.id) || semver.rcompare(a.manifest.version, b.manifest.version),
      )
  }
}

function toEntry(document: PackageDocument): CatalogueEntry {
  const { _id: digest, listHash, source, putAt } = document
  return { digest, listHash, source, putAt, manifest: JSON.parse(document.manifest) as PluginManifest }
}
