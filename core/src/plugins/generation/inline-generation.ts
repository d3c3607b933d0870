import type { DisposableStore } from '@dcesop/sdk-plugin'
import type { PluginRoute } from '@dcesop/sdk-plugin/http'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { RequestRoute } from '@hapi/hapi'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GenerationKey } from '../journal/journal.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { bindCall, type Call } from './call.ts'
import type { ChildServer } from './child-server.ts'
import type { Concurrency } from './concurrency.ts'
import type { Generation } from './generation.ts'
import type { HostPorts, Scope } from './handles.ts'
import { stopStep } from './stop-step.ts'
import { Traffic } from './traffic.ts'

export interface InlineParts {
  readonly key: GenerationKey
  readonly opened: OpenedPackage
  readonly scope: Scope
  readonly server: ChildServer
  readonly disposables: DisposableStore
  readonly routes: readonly PluginRoute[]
  readonly ports: HostPorts
}

/** A generation whose code runs in the host's own process. */
export class InlineGeneration implements Generation {
  readonly key: GenerationKey
  readonly manifest: PluginManifest
  readonly opened: OpenedPackage
  readonly routes: readonly PluginRoute[]
  readonly concurrency: Concurrency
  readonly #parts: InlineParts
  readonly #traffic: Traffic
  #stopped = false

  constructor(parts: InlineParts) {
    this.#parts = parts
    this.key = parts.key
    this.opened = parts.opened
    this.manifest = parts.opened.manifest
    this.routes = parts.routes
    this.#traffic = new Traffic(this.manifest, parts.ports.log)
    this.concurrency = this.#traffic.concurrency
    parts.ports.leftovers.started(this.key)
  }

  get requestsInFlight(): number {
    return this.#traffic.inFlight.count
  }

  get closedBy(): string | undefined {
    return this.#parts.ports.capabilities.closedBy(this.manifest)
  }

  match(method: string, path: string): RequestRoute | null {
    return this.#parts.server.server.match(method.toLowerCase() as 'get', path)
  }

  accept(response: ServerResponse): () => void {
    return this.#traffic.accept(response)
  }

  handle(request: IncomingMessage, response: ServerResponse, call: Call): void {
    bindCall(request, call)
    this.#parts.server.handle(request, response)
  }

  async activate(): Promise<void> {
    const { scope, ports } = this.#parts
    await ports.topics.take(this.manifest, scope.checks)
    ports.capabilities.activate({
      manifest: this.manifest,
      implementations: scope.implementations,
      calls: this.#traffic.inFlight,
    })
    scope.activation.begin()
  }

  withdraw(): void {
    this.#parts.ports.capabilities.deactivate(this.#parts.scope.implementations)
  }

  async pause(): Promise<void> {
    await this.#step('jobs and events', () => this.#parts.scope.activation.pause(), this.#traffic.drainMs)
  }

  async drain(): Promise<void> {
    await this.#traffic.drain()
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    const { scope, server, disposables, ports } = this.#parts
    this.withdraw()
    await this.#step('jobs and events', () => scope.activation.end())
    await this.#step('own disposables', () => disposables.dispose())
    await this.#step('handles', () => scope.container.unbindAllAsync())
    await this.#step('server', () => server.server.stop({ timeout: 0 }))
    ports.leftovers.stopped(this.key)
  }

  async #step(part: string, work: () => unknown, limitMs?: number): Promise<void> {
    await stopStep(this.key, this.#parts.ports.log, part, work, limitMs)
  }
}
