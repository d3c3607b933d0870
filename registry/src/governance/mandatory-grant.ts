import type { Check, Finding, Judged } from '../checks/check.ts'
import { finding } from '../checks/findings.ts'
import type { GovernanceConfig } from '../config/config.ts'
import type { Database } from '../storage/database.ts'
import { governanceCollections } from './governance-documents.ts'

/** Only publishers with the grant may have a plugin that stops others when it fails. */
export function mandatoryGrantCheck(database: Database, { firstParty }: GovernanceConfig): Check<Judged> {
  return {
    id: 'mandatory-grant',
    async run({ submission: { scope }, facts: { plugin } }): Promise<Finding[]> {
      const { criticality } = JSON.parse(plugin ?? '{}') as { criticality?: string }
      if (criticality !== 'mandatory' || scope === null || firstParty.includes(scope)) return []
      const { grants } = governanceCollections(database)
      if (await grants.findOne({ kind: 'mandatory', publisher: scope })) return []
      return [finding('mandatory-not-granted', { publisher: scope })]
    },
  }
}
