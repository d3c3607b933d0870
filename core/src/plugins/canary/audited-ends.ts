import type { AuditPort } from '../../ports.ts'
import type { Operations } from '../lifecycle/operations.ts'
import type { CanaryEnds } from './watch.ts'

/** Ends of canaries that the host decides itself, each on record. */
export function auditedEnds(operations: Operations, audit: AuditPort): CanaryEnds {
  const record = (plugin: string, verb: string, reason: string) =>
    audit.append({
      action: `plugin.canary.${verb}`,
      outcome: 'allowed',
      actor: { subject: 'canary', kind: 'system' },
      resource: plugin,
      reason,
    })
  return {
    async promote(plugin, reason) {
      await operations.promote(plugin)
      await record(plugin, 'promote', reason)
    },
    async rollback(plugin, reason) {
      await operations.rollback(plugin, reason)
      await record(plugin, 'rollback', reason)
    },
  }
}
