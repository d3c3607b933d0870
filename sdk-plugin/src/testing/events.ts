import { randomUUID } from 'node:crypto'
import type { ClientSession } from 'mongodb'
import type { DataPort } from '../backend/data.ts'
import { toDisposable } from '../backend/disposable.ts'
import type { DomainEvent, EventsPort } from '../backend/ports.ts'
import type { PluginManifest } from '../manifest/types.ts'
import type { TestClock } from './clock.ts'
import { requireDeclared } from './declared.ts'

/** An event as a test writes it: id and moment are made up where it does not say them. */
export type TestEvent = Omit<DomainEvent, 'id' | 'at'> & Partial<Pick<DomainEvent, 'id' | 'at'>>

type Handler = (event: DomainEvent) => Promise<void>

/** Events that were published, and delivery of those that the test makes up. */
export function createTestEvents(manifest: PluginManifest, clock: TestClock) {
  const published: DomainEvent[] = []
  const handlers = new Map<string, Handler>()
  const uncommitted = new WeakMap<ClientSession, DomainEvent[]>()
  const { publishes = [], subscribes = [] } = manifest.backend?.events ?? {}
  const complete = (event: TestEvent): DomainEvent => ({ id: randomUUID(), at: clock.now().toISOString(), ...event })

  const port: EventsPort = {
    async publish(event, { session } = {}) {
      requireDeclared(publishes, event.topic, 'backend.events.publishes')
      const stored = (session && uncommitted.get(session)) ?? published
      stored.push(complete(event))
    },
    subscribe(topic, handler) {
      requireDeclared(subscribes, topic, 'backend.events.subscribes')
      handlers.set(topic, handler as Handler)
      return toDisposable(() => void handlers.delete(topic))
    },
  }

  /** Events of a transaction count once it commits; those of an attempt that is tried again never do. */
  const transactional = (data: DataPort): DataPort => ({
    regions: data.regions,
    region(id) {
      const region = data.region(id)
      return {
        ...region,
        async transaction(work) {
          let attempt: DomainEvent[] = []
          const result = await region.transaction((session) => {
            uncommitted.set(session, (attempt = []))
            return work(session)
          })
          published.push(...attempt)
          return result
        },
      }
    },
  })

  const deliver = async (event: TestEvent): Promise<void> => {
    const handler = handlers.get(event.topic)
    if (!handler) throw new Error(`The plugin does not subscribe to "${event.topic}".`)
    await handler(complete(event))
  }
  return { port, published, deliver, transactional }
}
