import type { Disposable, DomainEvent, EventsPort } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { consume, type ConsumerParts } from '../../events/consumer.ts'
import type { Activation } from './activation.ts'
import { runAs } from './attribution.ts'

/** Publishing and subscribing within the topics of the manifest; deliveries run only while the generation is active. */
export function scopedEvents(manifest: PluginManifest, parts: ConsumerParts, activation: Activation): EventsPort {
  const { id: plugin, version } = manifest
  const { publishes = [], subscribes = [] } = manifest.backend?.events ?? {}
  return {
    async publish(event, options = {}) {
      requireDeclared(publishes, event.topic, plugin, 'publishes')
      await parts.outbox.append(plugin, event, options.session)
    },
    subscribe<P>(topic: string, handler: (event: DomainEvent<P>) => Promise<void>): Disposable {
      requireDeclared(subscribes, topic, plugin, 'subscribes')
      const handle = (event: DomainEvent) => runAs({ plugin, version }, () => handler(event as DomainEvent<P>))
      return activation.defer(() => consume({ plugin, topic, handle }, parts))
    },
  }
}

/** @throws Error that tells an author where to declare the topic */
export function requireDeclared(declared: readonly string[], topic: string, plugin: string, list: string): void {
  if (declared.includes(topic)) return
  throw new Error(
    `Plugin "${plugin}" uses topic "${topic}", which is not in backend.events.${list} of its manifest. Declare it there.`,
  )
}
