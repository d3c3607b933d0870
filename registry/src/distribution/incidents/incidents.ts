import { Problem } from '@dcesop/sdk-plugin'
import type { IncidentKind, IncidentReport } from '@dcesop/sdk-plugin/contracts'
import { clockSkewMs } from '@dcesop/sdk-plugin/signing'
import type { Collection } from 'mongodb'
import { findVersion } from '../../governance/find-version.ts'
import { missing } from '../../packages/read-routes.ts'
import { type Database, isDuplicateKey } from '../../storage/database.ts'

const dayMs = 24 * 60 * 60 * 1000
const oldestReportMs = 7 * dayMs
const keptMs = 90 * dayMs

interface IncidentDocument {
  /** Reference of the instance, and the id that it gave. */
  readonly _id: string
  readonly reference: string
  readonly package: string
  readonly version: string
  readonly kind: IncidentKind
  readonly at: Date
  readonly receivedAt: Date
}

/** How often something became of a version. */
export interface IncidentCount {
  readonly version: string
  readonly kind: IncidentKind
  readonly count: number
  readonly last: Date
}

/** What hosts tell of the versions that they stopped, for those who publish them. */
export class Incidents {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  get #incidents(): Collection<IncidentDocument> {
    return this.#database.db.collection('incidents')
  }

  async prepare(): Promise<void> {
    await this.#incidents.createIndex({ package: 1, at: -1 })
    await this.#incidents.createIndex({ receivedAt: 1 })
  }

  /** Of reports with one id the first counts. @returns whether it is new @throws Problem 404, 409 `bytes_differ`, 422 */
  async record(reference: string, report: IncidentReport): Promise<boolean> {
    const [now, at] = [new Date(), new Date(report.at)]
    if (at.getTime() > now.getTime() + clockSkewMs || at.getTime() < now.getTime() - oldestReportMs)
      throw new Problem(
        422,
        'incident_out_of_time',
        `The incident is of ${at.toISOString()}, and this machine's clock says ${now.toISOString()}.`,
      )
    const { version, manifest } = await findVersion(this.#database, report.plugin, report.version)
    if (manifest?.id !== report.plugin) throw missing(`There is no plugin ${report.plugin}.`)
    if (version.blob !== report.sha512)
      throw new Problem(409, 'bytes_differ', `${version._id} has other bytes than those that the host ran.`)
    try {
      await this.#incidents.insertOne({
        _id: `${reference} ${report.id}`,
        reference,
        package: version.package,
        version: version.version,
        kind: report.kind,
        at,
        receivedAt: now,
      })
      return true
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
  }

  /** Newest first. */
  latest(name: string, limit: number): Promise<IncidentDocument[]> {
    return this.#incidents.find({ package: name }).sort({ at: -1, _id: 1 }).limit(limit).toArray()
  }

  /** Of everything that is kept, the latest first. */
  async counts(name: string): Promise<IncidentCount[]> {
    const groups = this.#incidents.aggregate<Omit<IncidentCount, 'version' | 'kind'> & { _id: IncidentCount }>([
      { $match: { package: name } },
      { $group: { _id: { version: '$version', kind: '$kind' }, count: { $sum: 1 }, last: { $max: '$at' } } },
      { $sort: { last: -1, _id: 1 } },
    ])
    return (await groups.toArray()).map(({ _id: { version, kind }, count, last }) => ({ version, kind, count, last }))
  }

  /** Removes what is older than 90 days. @returns how many */
  async forgetOld(now = new Date()): Promise<number> {
    const before = new Date(now.getTime() - keptMs)
    return (await this.#incidents.deleteMany({ receivedAt: { $lt: before } })).deletedCount
  }
}
