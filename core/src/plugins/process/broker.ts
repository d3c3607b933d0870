import type { AuditEntry, Disposable, DomainEvent, Log } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { ServiceIdentifier } from 'inversify'
import { runAs } from '../generation/attribution.ts'
import { type Asked, auditOf, regionDenied } from '../generation/call.ts'
import { handles, type HostPorts, type Scope } from '../generation/handles.ts'
import type { Handlers, Peer } from './channel/peer.ts'
import { decodeError, type SentError } from './channel/sent-error.ts'
import { type ChildMessage, checkMessage } from './messages.ts'
import type { OpenCalls } from './open-calls.ts'
import type { Availability, Listeners, Registration } from './protocol.ts'

export interface BrokerParts {
  readonly manifest: PluginManifest
  readonly scope: Scope
  readonly ports: HostPorts
  readonly calls: OpenCalls
  /** Bound to the plugin. */
  readonly log: Log
  /** The channel, once there is one. */
  peer(): Peer
}

const mostRegistrations = 1000
/** In one request. */
const mostAuditEntries = 100

/**
 * Answers a plugin's process out of the scoped handles that an inline plugin would hold. The handles decide what is allowed;
 * who makes a request is the host's knowledge, and what the process says about it counts for nothing.
 */
export class Broker {
  readonly #parts: BrokerParts
  readonly #registered = new Map<number, Disposable>()
  readonly #consumed = new Map<string, object>()
  #watching = false
  #told = ''
  readonly #audited = new WeakMap<Asked, number>()
  #nextRun = 1

  constructor(parts: BrokerParts) {
    this.#parts = parts
  }

  get handlers(): Handlers {
    const checked = <P extends unknown[]>(method: ChildMessage, work: (...params: P) => unknown) => [
      method,
      (...params: unknown[]) => {
        checkMessage(method, params)
        return work(...(params as P))
      },
    ]
    return Object.fromEntries([
      checked('register', (id: number, registration: Registration) => this.#register(id, registration)),
      checked('unregister', (id: number) => this.#unregister(id)),
      checked('audit', (traceId: string, entry: AuditEntry) => this.#audit(traceId, entry)),
      checked('regionDenied', (traceId: string, region: string, resource: string) =>
        this.#regionDenied(traceId, region, resource),
      ),
      checked('capability', (name: string, method: string, params: unknown[]) => this.#consume(name, method, params)),
      checked('log', (level: keyof Log, fields: object, message: string) => this.#log(level, fields, message)),
      checked('published', (topic: string) => this.#published(topic)),
      checked('realtime', (topic: string, message: { region: string; key: string; payload: unknown }) =>
        this.#of(handles.realtime).publish(topic, { ...message, payload: message.payload }),
      ),
      checked('uncaught', (error: SentError) => this.#uncaught(error)),
      checked('secret', (name: string, traceId?: string) => this.#secret(name, traceId)),
      checked('watch', () => void (this.#watching = true)),
    ]) as Handlers
  }

  available(): Availability {
    const consumed = this.#parts.manifest.consumes ?? []
    return Object.fromEntries(
      consumed.map(({ capability }) => [capability, (this.#handle(capability) as { available: boolean }).available]),
    )
  }

  /** Tells the process which of the capabilities that it consumes have a provider. */
  tellAvailable(): void {
    this.#parts.peer().note('available', this.available())
  }

  /** Once a second: what the process answers from its own memory is told again where it changed. */
  beat(): void {
    if (!this.#watching) return
    const listeners = this.#listeners()
    const text = JSON.stringify(listeners.map(([topic, region, keys]) => [topic, region, [...keys]]))
    if (text !== this.#told) this.#parts.peer().note('listeners', listeners)
    this.#told = text
  }

  async #register(id: number, registration: Registration): Promise<void> {
    if (this.#registered.has(id)) throw new Error('This number is taken.')
    if (this.#registered.size >= mostRegistrations)
      throw new Error(`A plugin registers at most ${mostRegistrations} things.`)
    this.#registered.set(id, this.#begin(id, registration))
  }

  #begin(id: number, registration: Registration): Disposable {
    const back = (...params: unknown[]) => this.#parts.peer().call('invoke', id, params)
    switch (registration.kind) {
      case 'event':
        return this.#of(handles.events).subscribe(
          registration.topic,
          async (event: DomainEvent) => void (await back(event)),
        )
      case 'job':
        return this.#of(handles.jobs).every(registration.name, registration.everyMs, (signal) =>
          this.#run(back, signal),
        )
      case 'authorize':
        return this.#of(handles.realtime).authorize(
          registration.topic,
          async (identity, region, key) => (await back(identity, region, key)) === true,
        )
      case 'capability': {
        const methods = registration.methods.map((method) => [method, (...params: unknown[]) => back(method, params)])
        return this.#of(handles.capabilities).provide(registration.capability, Object.fromEntries(methods) as object)
      }
    }
  }

  async #run(back: (...params: unknown[]) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    const run = this.#nextRun++
    const abort = () => this.#parts.peer().note('abort', run)
    signal.addEventListener('abort', abort, { once: true })
    try {
      await back(run)
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  async #unregister(id: number): Promise<void> {
    const registered = this.#registered.get(id)
    this.#registered.delete(id)
    await registered?.dispose()
  }

  async #audit(traceId: string, entry: AuditEntry): Promise<void> {
    await auditOf(this.#parts.ports.audit, this.#parts.manifest.id, this.#askedIn(traceId))(entry)
  }

  async #regionDenied(traceId: string, region: string, resource: string): Promise<void> {
    const asked = this.#askedIn(traceId)
    if (asked.identity.regions.includes(region)) throw new Error('The region is one of the caller.')
    await this.#parts.ports.audit.append(regionDenied(this.#parts.manifest.id, asked, region, resource))
  }

  #askedIn(traceId: string): Asked {
    const asked = this.#parts.calls.find(traceId)
    if (!asked) throw new Error('There is no such request; an audit entry belongs to a request.')
    const entries = (this.#audited.get(asked) ?? 0) + 1
    if (entries > mostAuditEntries) throw new Error(`A request has at most ${mostAuditEntries} audit entries.`)
    this.#audited.set(asked, entries)
    return asked
  }

  #secret(name: string, traceId: string | undefined): Promise<string> {
    const { ports, manifest, calls } = this.#parts
    return ports.secrets.use(manifest, name, traceId === undefined ? undefined : calls.find(traceId))
  }

  #consume(capability: string, method: string, params: unknown[]): unknown {
    // What every object has is no method of a capability.
    if (method in Object.prototype) throw new TypeError(`Capability "${capability}" has no method "${method}".`)
    const handle = this.#handle(capability) as Record<string, (...params: unknown[]) => unknown>
    return handle[method]?.(...params)
  }

  #handle(capability: string): object {
    const known = this.#consumed.get(capability) ?? this.#of(handles.capabilities).consume(capability)
    this.#consumed.set(capability, known)
    return known
  }

  #log(level: keyof Log, fields: object, message: string): void {
    const { id: plugin, version } = this.#parts.manifest
    this.#parts.log[level]({ ...fields, plugin, version }, message)
  }

  /** Wakes this node's consumers; the event itself is in the database already. */
  #published(topic: string): void {
    if (this.#parts.manifest.backend?.events?.publishes?.includes(topic))
      this.#parts.ports.events.outbox.wake.emit('published', topic)
  }

  #uncaught(error: SentError): void {
    const { manifest, ports, log } = this.#parts
    const err = decodeError(error)
    log.error({ err }, 'a plugin left an error uncaught')
    runAs({ plugin: manifest.id, version: manifest.version }, () => ports.events.failed(manifest.id, err))
  }

  #listeners(): Listeners {
    const realtime = this.#of(handles.realtime)
    const regions = this.#of(handles.data).regions
    return (this.#parts.manifest.realtime ?? []).flatMap(({ topic }) =>
      regions.map((region) => {
        const keys = realtime.subscribedKeys(topic, region)
        return [topic, region, new Map(keys.map((key) => [key, realtime.subscribers(topic, region, key)]))] as const
      }),
    )
  }

  #of<T>(handle: ServiceIdentifier<T>): T {
    return this.#parts.scope.container.get(handle)
  }
}
