import type { DisposableStore } from '@dcesop/sdk-plugin'
import { Problem, type Log } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { RequestRoute } from '@hapi/hapi'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GenerationKey } from '../journal/journal.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { bindCall, type Call } from './call.ts'
import type { ChildServer } from './child-server.ts'
import { Concurrency } from './concurrency.ts'
import type { HostPorts, Scope } from './handles.ts'
import { InFlight } from './in-flight.ts'
import type { PluginRoute } from '@dcesop/sdk-plugin/http'

export interface GenerationParts {
  readonly key: GenerationKey
  readonly opened: OpenedPackage
  readonly scope: Scope
  readonly server: ChildServer
  readonly disposables: DisposableStore
  readonly routes: readonly PluginRoute[]
  readonly ports: HostPorts
}

const defaultConcurrency = 200
/** Waiting requests for each running one. */
const queueFactor = 4
const defaultDrainMs = 10_000
/** Time between the abort signal and the cut. */
const graceMs = 1_000
const disposeMs = 10_000

/** A started (plugin, version, package, configuration): serves requests, and is stopped as one. */
export class Generation {
  readonly key: GenerationKey
  readonly manifest: PluginManifest
  readonly opened: OpenedPackage
  readonly routes: readonly PluginRoute[]
  readonly concurrency: Concurrency
  readonly #parts: GenerationParts
  readonly #inFlight = new InFlight()
  readonly #calls = new Map<ServerResponse, Call>()
  #stopped = false

  constructor(parts: GenerationParts) {
    this.#parts = parts
    this.key = parts.key
    this.opened = parts.opened
    this.manifest = parts.opened.manifest
    this.routes = parts.routes
    const limit = this.manifest.backend?.resources?.concurrency ?? defaultConcurrency
    this.concurrency = new Concurrency(limit, limit * queueFactor)
  }

  get requestsInFlight(): number {
    return this.#inFlight.count
  }

  /** The declared route that would answer; null when none does. @param path as hapi normalised it, not decoded */
  match(method: string, path: string): RequestRoute | null {
    return this.#parts.server.server.match(method.toLowerCase() as 'get', path)
  }

  /** Counts a request from its acceptance on. @returns to be called once, when its response is closed */
  accept(response: ServerResponse): () => void {
    const leave = this.#inFlight.enter()
    return () => {
      this.#calls.delete(response)
      leave()
    }
  }

  /** Hands an accepted request to the plugin. */
  handle(request: IncomingMessage, response: ServerResponse, call: Call): void {
    this.#calls.set(response, call)
    bindCall(request, call)
    this.#parts.server.handle(request, response)
  }

  /** Takes over: topics, capabilities, then jobs and event deliveries. */
  async activate(): Promise<void> {
    const { scope, ports } = this.#parts
    await ports.topics.take(this.manifest, scope.checks)
    ports.capabilities.activate({
      manifest: this.manifest,
      implementations: scope.implementations,
      calls: this.#inFlight,
    })
    scope.activation.begin()
  }

  /** Stops jobs and deliveries and waits, within the drain limit, for those under way; requests go on. */
  async pause(): Promise<void> {
    await this.#step('jobs and events', () => this.#parts.scope.activation.pause(), this.#drainMs)
  }

  /** Waits for requests and capability calls in flight; at the manifest's limit aborts them, then cuts them off. */
  async drain(): Promise<void> {
    if (await this.#inFlight.empty(this.#drainMs)) return
    const { plugin, version } = this.key
    this.#log.warn(
      { plugin, version, requests: this.#inFlight.count },
      'drain limit reached; aborting what is in flight',
    )
    const stopping = new Problem(503, 'plugin_unavailable', `Plugin "${plugin}" was stopped while it answered.`, {
      retryAfter: 2,
    })
    for (const { cancellation } of this.#calls.values()) cancellation.cancel(stopping)
    if (await this.#inFlight.empty(graceMs)) return
    for (const response of this.#calls.keys()) response.destroy()
  }

  /** Disposes everything the generation registered. What fails to be disposed is logged and does not keep the rest. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    const { scope, server, disposables, ports } = this.#parts
    ports.capabilities.deactivate(scope.implementations)
    await this.#step('jobs and events', () => scope.activation.end())
    await this.#step('own disposables', () => disposables.dispose())
    await this.#step('handles', () => scope.container.unbindAllAsync())
    await this.#step('server', () => server.server.stop({ timeout: 0 }))
  }

  /** One part of the stop; a part that fails or hangs is reported and does not keep the others. */
  async #step(part: string, work: () => unknown, limitMs = disposeMs): Promise<void> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error(`Not done within ${limitMs} ms.`)), limitMs)
    try {
      await Promise.race([work(), late.promise])
    } catch (error) {
      this.#log.error(
        { err: error, plugin: this.key.plugin, version: this.key.version, part },
        'a part of the plugin did not stop cleanly',
      )
    } finally {
      clearTimeout(timer)
    }
  }

  get #drainMs(): number {
    return this.manifest.lifecycle?.drainMs ?? defaultDrainMs
  }

  get #log(): Log {
    return this.#parts.ports.log
  }
}
