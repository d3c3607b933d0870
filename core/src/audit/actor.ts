import type { Identity } from '@dcesop/sdk-plugin'
import { clientAddress } from '@dcesop/sdk-plugin/http'
import type { IncomingMessage } from 'node:http'
import { contextOf } from '../http/request-context.ts'
import type { AuditRecord } from '../ports.ts'

/** The person or machine of a request, as audit records name who acted. */
export function actorOf(identity: Identity | undefined): AuditRecord['actor'] {
  if (!identity) return { subject: 'anonymous', kind: 'anonymous' }
  const { subject, kind, sessionId } = identity
  return { subject, kind, sessionId }
}

/** Which request it was, and from where it came. */
export type Trace = Required<Pick<AuditRecord, 'traceId' | 'address'>>

/** What the records of a request have in common, beside who made it. */
export function traceOf(request: IncomingMessage): Trace {
  return { traceId: contextOf(request).traceId, address: clientAddress(request) }
}

/** Who makes a request that the host has let in, which request and from where: what its records begin with. */
export function askedBy({
  raw,
}: {
  readonly raw: { readonly req: IncomingMessage }
}): Pick<AuditRecord, 'actor'> & Trace {
  return { actor: actorOf(contextOf(raw.req).identity), ...traceOf(raw.req) }
}
