import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { GovernanceConfig } from '../config/config.ts'
import { asksForMore, permissionDiff } from './permission-diff.ts'

export interface NeededApprovals {
  /** Different people. */
  readonly approvals: number
  readonly reasons: readonly string[]
}

/** @param approved the manifest that the region runs now, if any */
export function neededApprovals(
  manifest: PluginManifest,
  scope: string | null,
  approved: PluginManifest | null,
  { approvals, firstParty }: GovernanceConfig,
): NeededApprovals {
  const partner = scope === null || !firstParty.includes(scope)
  const special = {
    mandatory: manifest.criticality === 'mandatory',
    inlinePartner: partner && manifest.backend !== undefined && manifest.backend.isolation !== 'process',
    newPermissions: asksForMore(permissionDiff(approved, manifest)),
  }
  const reasons = (Object.keys(special) as (keyof typeof special)[]).filter((reason) => special[reason])
  return { approvals: Math.max(approvals.usual, ...reasons.map((reason) => approvals[reason])), reasons }
}
