import type { AuditPort } from '../../ports.ts'
import type { Reason } from '../journal/reasons.ts'
import type { Operations } from '../lifecycle/operations.ts'
import type { CanaryEnds } from './watch.ts'

/** Ends of canaries that the host decides itself, each on record. */
export function auditedEnds(operations: Operations, audit: AuditPort): CanaryEnds {
  const record = (plugin: string, verb: string, why: Reason) =>
    audit.append({
      action: `plugin.canary.${verb}`,
      outcome: 'allowed',
      actor: { subject: 'canary', kind: 'system' },
      resource: plugin,
      reason: why.reason,
      ...(why.causes && { details: { causes: JSON.stringify(why.causes) } }),
    })
  return {
    async promote(plugin, why) {
      await operations.promote(plugin)
      await record(plugin, 'promote', why)
    },
    async rollback(plugin, why) {
      await operations.rollback(plugin, why)
      await record(plugin, 'rollback', why)
    },
  }
}
