import semver from 'semver'
import type { Database } from '../../storage/database.ts'
import type { AdvisoryDocument } from '../../storage/documents.ts'
import { advisoriesOf } from './osv.ts'

/** Known weaknesses, imported from OSV records: the registry asks nobody on the internet. */
export class Advisories {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Replaces what earlier imports of the same records said. @returns how many records there were @throws Problem 400, and then nothing is imported */
  async import(records: readonly unknown[]): Promise<number> {
    const documents = records.map((record) => ({ record, found: advisoriesOf(record) }))
    await this.#database.transaction(async (session) => {
      for (const { record, found } of documents) {
        const { id } = record as { id: string }
        // Its documents' ids begin with the record's, followed by a space, which no id has.
        await this.#database.advisories.deleteMany({ _id: { $gte: `${id} `, $lt: `${id}!` } }, { session })
        if (found.length > 0) await this.#database.advisories.insertMany(found, { session })
      }
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
}

export function isVulnerable(version: string, { vulnerable }: AdvisoryDocument): boolean {
  return semver.satisfies(version, vulnerable, { includePrerelease: true })
}
