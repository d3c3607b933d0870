import semver from 'semver'
import type { Database } from '../storage/database.ts'
import { governanceCollections } from './governance-documents.ts'

/** What consumers of a capability rely on, each contract once. */
export interface ConsumerContract {
  /** `name@version` of those that have it, newest first. */
  readonly versions: readonly string[]
  /** Id of the consumer. */
  readonly consumer: string
  readonly range: string
  readonly sha256: string
  /** The contract as JSON text. */
  readonly text: string
}

/**
 * Contracts that a provider of the capability in this version has to keep: of versions that somebody may run, approved for a
 * region and neither yanked nor flagged, for whose range the version counts. What nobody approved holds nobody up.
 */
export async function contractsOn(
  database: Database,
  capability: string,
  version: string,
): Promise<ConsumerContract[]> {
  const consumers = await database.versions
    .find({ 'contracts.capability': capability, yank: null }, { projection: { contracts: 1, publishedAt: 1 } })
    .sort({ publishedAt: -1 })
    .toArray()
  const usable = await governanceCollections(database)
    .governance.find(
      { _id: { $in: consumers.map(({ _id }) => _id) }, flags: { $size: 0 }, 'regions.state': 'approved' },
      { projection: { _id: 1 } },
    )
    .toArray()
  const active = new Set(usable.map(({ _id }) => _id))
  const all = consumers
    .filter(({ _id }) => active.has(_id))
    .flatMap(({ _id, contracts = [] }) => contracts.map((contract) => ({ ...contract, id: _id })))
    .filter((one) => one.capability === capability && semver.satisfies(version, one.range))
  return [...Map.groupBy(all, ({ sha256 }) => sha256).values()].flatMap(([first, ...more]) => {
    if (!first) return []
    const { consumer, range, sha256, text } = first
    return [{ versions: [first, ...more].map(({ id }) => id), consumer, range, sha256, text }]
  })
}
