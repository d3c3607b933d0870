import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { Connection } from 'mongoose'
import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { durable } from '../../data/durable.ts'
import { isDuplicateKey } from '../../data/duplicate-key.ts'
import type { StoredPackage } from './package-store.ts'
import type { ReleaseEvidence } from '@dcesop/sdk-plugin/contracts'

export type PackageOrigin = 'bundled' | 'upload' | 'registry'

/** A package that can be installed. */
export interface CatalogueEntry extends StoredPackage {
  readonly source: PackageOrigin
  readonly putAt: Date
  /** Why a package of the registry was believed. */
  readonly evidence?: ReleaseEvidence
}

interface PackageDocument {
  /** The package's digest. */
  _id: string
  id: string
  version: string
  listHash: string
  /** JSON text: manifests may hold schemas with `$` keys, which are no field names for a database. */
  manifest: string
  source: PackageOrigin
  putAt: Date
  superseded: boolean
  evidence?: ReleaseEvidence
}

/** Which package stands for (plugin, version); kept in the core database. */
export class Catalogue {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get #packages() {
    return this.#connection.collection<PackageDocument>('plugin_packages', durable)
  }

  /**
   * Records a stored package. A version is immutable: other bytes under a known version are refused from an upload or a registry,
   * while those of the release take the place of the release's earlier build.
   * @param evidence makes a known package one of the registry, too
   * @throws Problem 409 `version_exists`
   */
  async add(
    stored: StoredPackage,
    source: PackageOrigin,
    putAt: Date,
    evidence?: ReleaseEvidence,
  ): Promise<CatalogueEntry> {
    const { id, version } = stored.manifest
    const known = await this.find(id, version)
    if (known?.digest === stored.digest && !evidence) return known
    if (known && known.digest !== stored.digest && source !== 'bundled') {
      throw new Problem(
        409,
        'version_exists',
        `Version ${version} of "${id}" exists with other content. Give the package a new version.`,
      )
    }
    const { digest, listHash, manifest } = stored
    const why = evidence ? { evidence } : {}
    const fields = {
      id,
      version,
      listHash,
      manifest: JSON.stringify(manifest),
      source,
      putAt,
      superseded: false,
      ...why,
    }
    if (known && known.digest !== digest)
      await this.#packages.updateOne({ _id: known.digest }, { $set: { superseded: true } })
    try {
      await this.#packages.updateOne({ _id: digest }, { $set: fields }, { upsert: true })
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      // Another upload, perhaps to another host, was first.
      return this.add(stored, source, putAt, evidence)
    }
    return { ...stored, source, putAt, ...why }
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
    await this.#keepNewest()
    await this.#packages.createIndex(
      { id: 1, version: 1 },
      { name: 'one_of_each_version', unique: true, partialFilterExpression: { superseded: false } },
    )
  }

  /** Of a version that earlier hosts took twice the newer package stands; what is installed of the other stays so. */
  async #keepNewest(): Promise<void> {
    const twice = this.#packages.aggregate<{ digests: string[] }>([
      { $match: { superseded: false } },
      { $sort: { putAt: -1 } },
      { $group: { _id: { id: '$id', version: '$version' }, digests: { $push: '$_id' } } },
      { $match: { 'digests.1': { $exists: true } } },
    ])
    for await (const { digests } of twice)
      await this.#packages.updateMany({ _id: { $in: digests.slice(1) } }, { $set: { superseded: true } })
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
  const { _id: digest, listHash, source, putAt, evidence } = document
  const manifest = JSON.parse(document.manifest) as PluginManifest
  return { digest, listHash, source, putAt, manifest, ...(evidence ? { evidence } : {}) }
}
