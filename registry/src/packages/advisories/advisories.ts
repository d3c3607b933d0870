import semver from 'semver'
import { createHash } from 'node:crypto'
import type { Database } from '../../storage/database.ts'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'
import type { AdvisoryDocument } from '../../storage/documents.ts'
import { advisoriesOf } from './osv.ts'

export interface AdvisoryQuery {
  readonly package?: string
  readonly after?: string
  readonly limit: number
}

/** Known weaknesses, imported from OSV records: the registry asks nobody on the internet. */
export class Advisories {
  readonly #database: Database
  readonly #log: TransparencyLog

  constructor(database: Database, log: TransparencyLog) {
    this.#database = database
    this.#log = log
  }

  /** Replaces what earlier imports of the same records said. @returns how many records there were @throws Problem 400, and then nothing is imported */
  async import(records: readonly unknown[], actor: string): Promise<number> {
    const documents = records.map((record) => ({ record, found: advisoriesOf(record) }))
    await this.#database.transaction(async (session) => {
      for (const { record, found } of documents) {
        const { id } = record as { id: string }
        // Its documents' ids begin with the record's, followed by a space, which no id has.
        await this.#database.advisories.deleteMany({ _id: { $gte: `${id} `, $lt: `${id}!` } }, { session })
        if (found.length > 0) await this.#database.advisories.insertMany(found, { session })
      }
      const digest = createHash('sha256').update(JSON.stringify(records)).digest('hex')
      const body = { records: records.length, sha256: digest }
      await this.#log.append({ kind: 'advisories.imported', subject: 'advisories', actor, body }, session)
    })
    return records.length
  }

  /** Advisories about any of the versions that somebody has installed, by package. */
  async about(installed: ReadonlyMap<string, readonly string[]>): Promise<Map<string, AdvisoryDocument[]>> {
    const result = new Map<string, AdvisoryDocument[]>()
    const found = await this.#database.advisories.find({ package: { $in: [...installed.keys()] } }).toArray()
    for (const advisory of found) {
      const versions = installed.get(advisory.package) ?? []
      if (!versions.some((version) => isVulnerable(version, advisory))) continue
      result.set(advisory.package, [...(result.get(advisory.package) ?? []), advisory])
    }
    return result
  }

  /** In the order of their ids. @param after id of the last one that the reader has */
  async list({ package: name, after = '', limit }: AdvisoryQuery): Promise<AdvisoryDocument[]> {
    const filter = { _id: { $gt: after }, ...(name === undefined ? {} : { package: name }) }
    return this.#database.advisories.find(filter).sort({ _id: 1 }).limit(limit).toArray()
  }

  digest(): Promise<string> {
    return advisoriesDigest(this.#database)
  }

  /** Advisories about what versions of this registry bundle, each as one about exactly the version that bundles it. */
  async inside(installed: ReadonlyMap<string, readonly string[]>): Promise<Map<string, AdvisoryDocument[]>> {
    const ids = [...installed].flatMap(([name, versions]) => versions.map((version) => `${name}@${version}`))
    const bundling = await this.#database.versions
      .find(
        { _id: { $in: ids }, 'components.0': { $exists: true } },
        { projection: { package: 1, version: 1, components: 1 } },
      )
      .toArray()
    const result = new Map<string, AdvisoryDocument[]>()
    for (const { package: name, version, components } of bundling) {
      const parts = Map.groupBy(components, (component) => component.name)
      const found = await this.about(new Map([...parts].map(([part, list]) => [part, list.map((one) => one.version)])))
      const own = [...found.values()].flat().map((advisory) => ({
        ...advisory,
        _id: `${advisory._id} in ${name}@${version}`,
        package: name,
        vulnerable: version,
        title: `Bundles ${advisory.package} ${advisory.vulnerable}: ${advisory.title}`,
      }))
      if (own.length > 0) result.set(name, [...(result.get(name) ?? []), ...own])
    }
    return result
  }
}

/** SHA-256 over all of them in order, as the snapshot has it. */
export async function advisoriesDigest({ advisories }: Database): Promise<string> {
  const hash = createHash('sha256')
  for await (const { _id, vulnerable } of advisories.find({}, { projection: { vulnerable: 1 } }).sort({ _id: 1 }))
    hash.update(`${_id}\n${vulnerable}\n`)
  return hash.digest('hex')
}

export function isVulnerable(version: string, { vulnerable }: AdvisoryDocument): boolean {
  return semver.satisfies(version, vulnerable, { includePrerelease: true })
}
