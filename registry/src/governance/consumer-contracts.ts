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
}

// The contracts of a version are up to 256 KiB, and each version of a consumer has them again.
const withoutTexts = {
  'contracts.capability': 1,
  'contracts.consumer': 1,
  'contracts.range': 1,
  'contracts.sha256': 1,
  publishedAt: 1,
} as const

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
    .find({ 'contracts.capability': capability, yank: null }, { projection: withoutTexts })
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
    const { consumer, range, sha256 } = first
    return [{ versions: [first, ...more].map(({ id }) => id), consumer, range, sha256 }]
  })
}

/** Contracts as JSON text, by digest; without those whose version was deleted meanwhile. */
export async function contractTexts(
  database: Database,
  contracts: readonly ConsumerContract[],
): Promise<ReadonlyMap<string, string>> {
  const holders = await database.versions
    .find({ _id: { $in: contracts.map(({ versions }) => versions[0] as string) } }, { projection: { contracts: 1 } })
    .toArray()
  return new Map(holders.flatMap((holder) => (holder.contracts ?? []).map(({ sha256, text }) => [sha256, text])))
}
