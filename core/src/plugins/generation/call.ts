import type { AuditEntry, Identity } from '@dcesop/sdk-plugin'
import type { Cancellation } from '@dcesop/sdk-plugin/http'
import type { IncomingMessage } from 'node:http'
import { actorOf } from '../../audit/actor.ts'
import { scrub } from '../../observability/scrub.ts'
import type { AuditPort, AuditRecord } from '../../ports.ts'

/** Who asks, in which request and from where: what is told of a request that may be over. */
export interface Asked {
  readonly identity: Identity
  readonly traceId: string
  /** Of the client; the process of a plugin is not told. */
  readonly address?: string
}

/** What dispatch hands to the generation beside the raw request. */
export interface Call extends Asked {
  /** When the client goes away, the time limit passes or the generation must end. */
  readonly cancellation: Cancellation
  /** How long the handler took, ms, once it ended: without the time that the client needs to send and to read. */
  handlerMs?: number
  /** The plugin's process ended before it answered. */
  endedMidway?: boolean
  /** The host answered by itself, as there was no process to ask: neither a success of the plugin nor a failure. */
  notAsked?: boolean
}

const call = Symbol('what dispatch says of it')

type Bound = IncomingMessage & { [call]?: Call }

/** Binds a call to its raw request: nothing that a client sends can stand in for it. */
export function bindCall(request: IncomingMessage, bound: Call): void {
  ;(request as Bound)[call] = bound
}

/** The call of a request that was handed to the plugin. */
export function boundCall(request: IncomingMessage): Call | undefined {
  return (request as Bound)[call]
}

/** @throws Error when the request did not come through dispatch */
export function callOf(request: IncomingMessage): Call {
  const bound = boundCall(request)
  if (!bound) throw new Error('A request reached a plugin without passing dispatch.')
  return bound
}

/**
 * The `audit` of a plugin's request: who, from which session and under which trace is the host's to say. People type reasons: a
 * document, phone or e-mail among the words is left out.
 */
export function auditOf(audit: AuditPort, plugin: string, asked: Asked): (entry: AuditEntry) => Promise<void> {
  const by = askedIn(asked)
  return (entry) => {
    const why = entry.reason === undefined ? {} : { reason: scrub(entry.reason) }
    return audit.append({ ...entry, ...why, ...by, outcome: 'allowed', plugin })
  }
}

/** Who made the request, which request and from where. */
export function askedIn({ identity, traceId, address }: Asked): Pick<AuditRecord, 'actor' | 'traceId' | 'address'> {
  return { actor: actorOf(identity), traceId, ...(address === undefined ? {} : { address }) }
}

/** That the plugin knew nothing of a region that the request named, which is none of the caller's. */
export function regionDenied(plugin: string, asked: Asked, region: string, resource: string): AuditRecord {
  return { action: 'access.denied', outcome: 'denied', ...askedIn(asked), resource, reason: 'region', region, plugin }
}
