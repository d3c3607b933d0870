import type { DomainEvent, EventsPort } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { Outbox } from '../../../events/outbox.ts'
import { requireDeclared } from '../../generation/scoped-events.ts'
import type { Peer } from '../channel/peer.ts'
import type { Registrations } from './registrations.ts'

/** Events are stored by the plugin's own session, so that they belong to its transaction; the host checks what is stored. */
export function childEvents(
  { id: plugin, backend }: PluginManifest,
  outbox: Outbox,
  peer: Peer,
  registrations: Registrations,
): EventsPort {
  outbox.wake.on('published', (topic: string) => peer.note('published', topic))
  return {
    async publish(event, { session } = {}) {
      requireDeclared(backend?.events?.publishes ?? [], event.topic, plugin, 'publishes')
      await outbox.append(plugin, event, session)
    },
    subscribe: <P>(topic: string, handler: (event: DomainEvent<P>) => Promise<void>) => {
      requireDeclared(backend?.events?.subscribes ?? [], topic, plugin, 'subscribes')
      return registrations.add({ kind: 'event', topic }, handler)
    },
  }
}
