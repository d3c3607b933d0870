import type { Identity } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import { contextOf } from '../http/request-context.ts'
import type { AuditRecord, RefusalReason } from '../ports.ts'
import { actorOf, traceOf } from './actor.ts'

/** Why the host refused; no more than that is known of what the caller may have made up. */
export type Refusal = { readonly reason: RefusalReason | 'foreign_origin' | 'session' | 'token' } & Pick<
  AuditRecord,
  'region' | 'plugin' | 'details'
>

/** That somebody asked for what they may not, by the method and the template of the route that they asked. */
export function denial(request: IncomingMessage, identity: Identity | undefined, refusal: Refusal): AuditRecord {
  return {
    action: 'access.denied',
    outcome: 'denied',
    actor: actorOf(identity),
    resource: `${request.method} ${contextOf(request).route}`,
    ...refusal,
    ...traceOf(request),
  }
}
