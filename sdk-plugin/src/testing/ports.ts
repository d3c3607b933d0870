import { randomUUID } from 'node:crypto'
import { toDisposable } from '../backend/disposable.ts'
import { Problem } from '../backend/problem.ts'
import type { CapabilitiesPort, DomainEvent, EventsPort, JobsPort, RealtimePort } from '../backend/ports.ts'
import type { PluginManifest } from '../manifest/types.ts'
import type { TestClock } from './clock.ts'

export interface RealtimeRecord {
  readonly topic: string
  readonly region: string
  readonly key: string
  readonly payload: unknown
}

/** Events that were published, and delivery of those that the test makes up. */
export function createTestEvents(manifest: PluginManifest, clock: TestClock) {
  const published: DomainEvent[] = []
  const handlers = new Map<string, (event: DomainEvent) => Promise<void>>()
  const { publishes = [], subscribes = [] } = manifest.backend?.events ?? {}
  const port: EventsPort = {
    async publish(event) {
      requireDeclared(publishes, event.topic, 'backend.events.publishes')
      published.push({ ...event, id: randomUUID(), at: clock.now().toISOString() })
    },
    subscribe(topic, handler) {
      requireDeclared(subscribes, topic, 'backend.events.subscribes')
      handlers.set(topic, handler as (event: DomainEvent) => Promise<void>)
      return toDisposable(() => void handlers.delete(topic))
    },
  }
  /** Calls the plugin's handler; a second call with the same event is what at-least-once delivery does. */
  const deliver = async (event: DomainEvent) => {
    const handler = handlers.get(event.topic)
    if (!handler) throw new Error(`Nothing subscribed to "${event.topic}".`)
    await handler(event)
  }
  return { port, published, deliver }
}

/** Messages that were pushed, and listeners that the test pretends to have. */
export function createTestRealtime(manifest: PluginManifest) {
  const messages: RealtimeRecord[] = []
  const listeners = new Set<string>()
  const topics = (manifest.realtime ?? []).map((declared) => declared.topic)
  const address = (topic: string, region: string, key: string) => `${topic}\n${region}\n${key}`
  const port: RealtimePort = {
    publish(topic, message) {
      requireDeclared(topics, topic, 'realtime')
      messages.push({ topic, ...message })
    },
    subscribers: (topic, region, key) => (listeners.has(address(topic, region, key)) ? 1 : 0),
    subscribedKeys: (topic, region) =>
      [...listeners]
        .filter((one) => one.startsWith(`${topic}\n${region}\n`))
        .map((one) => one.split('\n')[2] as string),
    authorize(topic) {
      requireDeclared(topics, topic, 'realtime')
      return toDisposable(() => {})
    },
  }
  return {
    port,
    messages,
    listen: (topic: string, region: string, key: string) => void listeners.add(address(topic, region, key)),
  }
}

/** Jobs run only when the test says so. */
export function createTestJobs() {
  const jobs = new Map<string, (signal: AbortSignal) => Promise<void>>()
  const port: JobsPort = {
    every(name, _everyMs, run) {
      jobs.set(name, run)
      return toDisposable(() => void jobs.delete(name))
    },
  }
  const run = async (name: string) => {
    const job = jobs.get(name)
    if (!job) throw new Error(`There is no job "${name}"; there are: ${[...jobs.keys()].join(', ')}.`)
    await job(new AbortController().signal)
  }
  return { port, run }
}

/** What the plugin provides, and stand-ins for what it consumes. */
export function createTestCapabilities(manifest: PluginManifest, given: Readonly<Record<string, object>>) {
  const provided = new Map<string, object>()
  const port: CapabilitiesPort = {
    provide(capability, implementation) {
      requireDeclared(Object.keys(manifest.provides ?? {}), capability, 'provides')
      provided.set(capability, implementation)
      return toDisposable(() => void provided.delete(capability))
    },
    consume<T extends object>(capability: string) {
      requireDeclared(
        (manifest.consumes ?? []).map((consumed) => consumed.capability),
        capability,
        'consumes',
      )
      return new Proxy({} as T & { readonly available: boolean }, {
        get(_target, method) {
          const implementation = given[capability] as Record<PropertyKey, unknown> | undefined
          if (method === 'available') return implementation !== undefined
          if (implementation) return (implementation[method] as (...args: unknown[]) => unknown).bind(implementation)
          return () =>
            Promise.reject(new Problem(503, 'capability_unavailable', `No plugin provides "${capability}" now.`))
        },
      })
    },
  }
  return { port, provided }
}

function requireDeclared(declared: readonly string[], name: string, where: string): void {
  if (!declared.includes(name)) throw new Error(`"${name}" is not declared in the manifest under ${where}.`)
}
