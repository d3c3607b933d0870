import { worst } from './present.ts'
import type { LiveService, LiveView } from './types.ts'

/** What an agent does first; `service` is the one to diagnose, when diagnosing is what helps. */
export interface NextStep {
  readonly messageId: string
  readonly service?: LiveService
}

/**
 * A known incident explains more than any test of one line, but a line that is not paid for stays off after it; what is suspended
 * or used up is no fault of the network.
 */
export function nextStep({ health, incidents, services }: LiveView): NextStep {
  const part = worst(health.parts)
  const unpaid = part?.messageId === 'health.billing.overdue'
  if (incidents.length > 0) return { messageId: unpaid ? 'ui.next.incidentUnpaid' : 'ui.next.incident' }
  if (part === undefined || health.state === 'ok') return { messageId: 'ui.next.ok' }
  if (part.part === 'billing') return { messageId: 'ui.next.billing' }
  if (part.part === 'usage' && part.state !== 'unknown' && part.state !== 'stale') return { messageId: 'ui.next.usage' }
  const service = services.find(({ id }) => id === part.serviceId) ?? services[0]
  return { messageId: 'ui.next.diagnose', ...(service && { service }) }
}
