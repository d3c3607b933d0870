import type { Identity } from '@dcesop/sdk-plugin'
import type { AuditRecord } from '../ports.ts'

/** The person or machine of a request, as audit records name who acted. */
export function actorOf({ subject, kind, sessionId }: Identity): AuditRecord['actor'] {
  return { subject, kind, sessionId }
}
