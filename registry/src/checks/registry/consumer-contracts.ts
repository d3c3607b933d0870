import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { Catalogue, CatalogueState, CatalogueVersion } from '../../distribution/catalogue/catalogue.ts'
import { contractsOn } from '../../governance/consumer-contracts.ts'
import type { Database } from '../../storage/database.ts'
import type { Check, Finding, Judged } from '../check.ts'
import { finding } from '../findings.ts'

const mostTold = 50
const mostVersionsTold = 5

/**
 * The specs of a provider kept what its consumers rely on. The registry runs no code of partners, and knows not how to bring a
 * provider into the states that contracts name: it holds the record that the publisher signed against the contracts that it has.
 */
export function consumerContractsCheck(database: Database, catalogue: Pick<Catalogue, 'current'>): Check<Judged> {
  return {
    id: 'consumer-contracts',
    async run({ submission, facts: { plugin, contracts, contractsKept } }): Promise<Finding[]> {
      const { provides = {} } = JSON.parse(plugin ?? '{}') as Partial<PluginManifest>
      const kept = new Set(contractsKept)
      const found = contracts.length > 0 ? aboutNothing(contracts, await catalogue.current()) : []
      for (const [capability, version] of Object.entries(provides))
        for (const { versions, range, sha256 } of await contractsOn(database, capability, version)) {
          // A plugin may consume what it provides itself; its former versions then bind nobody but itself.
          const others = versions.filter((id) => !id.startsWith(`${submission.name}@`))
          const [consumer] = others
          if (kept.has(sha256) || consumer === undefined) continue
          found.push(finding('contract-not-kept', { consumer, capability, range, contract: sha256.slice(0, 12) }))
        }
      return found.slice(0, mostTold)
    },
  }
}

/** A contract that no version will ever keep protects nobody, and its author believes that it does. Of versions that are still to come it may be. */
function aboutNothing(contracts: Judged['facts']['contracts'], { packages }: CatalogueState): Finding[] {
  const usable = [...packages.values()].flat().filter(isUsable)
  return contracts.flatMap(({ capability, range }): Finding[] => {
    const provided = usable.flatMap(({ manifest }) => manifest?.provides?.[capability] ?? [])
    const versions = semver.rsort([...new Set(provided)])
    const [newest] = versions
    if (newest === undefined || semver.maxSatisfying(versions, range) !== null || !semver.gtr(newest, range)) return []
    const told = versions.slice(0, mostVersionsTold)
    return [finding('contract-without-provider', { capability, range, versions: told })]
  })
}

/** What nobody approved, or may run any more, is nobody's provider. */
function isUsable({ yank, governance: { flags, regions } }: CatalogueVersion): boolean {
  return yank === null && flags.length === 0 && regions.some(({ state }) => state === 'approved')
}
