import type { Identity } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import { actorOf, traceOf } from '../audit/actor.ts'
import type { AuditPort } from '../ports.ts'
import type { ChannelName } from './channels.ts'
import type { NotJoined, Topics } from './topics.ts'

/** Who subscribes, over which connection. */
export interface Subscriber {
  readonly data: { readonly identity: Identity }
  readonly request: IncomingMessage
}

/** Puts subscriptions on record: those to topics about people, and those that were refused. */
export class SubscriptionRecords {
  readonly #audit: AuditPort
  readonly #topics: Topics

  constructor(audit: AuditPort, topics: Topics) {
    this.#audit = audit
    this.#topics = topics
  }

  /** To be awaited before the first message: what cannot be recorded is not shown. */
  async joins(subscriber: Subscriber, { topic, region, key }: ChannelName): Promise<void> {
    const action = this.#topics.get(topic)?.record
    if (action === undefined) return
    const plugin = topic.slice(0, topic.indexOf('.'))
    await this.#audit.append({ action, outcome: 'allowed', ...whoIs(subscriber), region, resource: key, plugin })
  }

  /** Neither the key nor an unknown topic is told: the caller may have typed anything there. */
  async refused(subscriber: Subscriber, { topic, region }: ChannelName, reason: NotJoined): Promise<void> {
    const known = reason === 'topic' ? {} : { details: { topic } }
    const record = { action: 'access.denied', outcome: 'denied', reason, region, ...known } as const
    await this.#audit.append({ ...record, ...whoIs(subscriber) })
  }
}

/** All that one connection asks for has one trace id: that of its handshake. */
function whoIs({ data, request }: Subscriber) {
  return { actor: actorOf(data.identity), ...traceOf(request) }
}
