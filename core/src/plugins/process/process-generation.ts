import type { Log } from '@dcesop/sdk-plugin'
import { pairRoutes } from '@dcesop/sdk-plugin/http'
import type { PluginManifest, RouteDeclaration } from '@dcesop/sdk-plugin/manifest'
import Hapi, { type RequestRoute, type Server } from '@hapi/hapi'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerProblem } from '../../http/raw-problem.ts'
import { contextOf } from '../../http/request-context.ts'
import { runAs } from '../generation/attribution.ts'
import { bindCall, type Call } from '../generation/call.ts'
import type { Concurrency } from '../generation/concurrency.ts'
import type { Generation, ServedDefinition } from '../generation/generation.ts'
import { stopStep } from '../generation/stop-step.ts'
import { Traffic } from '../generation/traffic.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, ReasonedError, reasonOf, together } from '../journal/reasons.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { Incarnation, type IncarnationParts } from './incarnation.ts'
import { Restarts } from './restarts.ts'
import { startingAgain } from './starting-again.ts'

/** Told when a process ended too often; the generation does not serve any more. */
export type GaveUp = (key: GenerationKey, why: Reason) => void

/** A generation whose code runs in a process of its own. The process may end and be started again; the generation goes on. */
export class ProcessGeneration implements Generation {
  readonly key: GenerationKey
  readonly manifest: PluginManifest
  readonly opened: OpenedPackage
  readonly routes: readonly ServedDefinition[]
  readonly concurrency: Concurrency
  readonly #parts: IncarnationParts
  readonly #gaveUp: GaveUp
  readonly #traffic: Traffic
  /** Never started: it only knows the routes, so that an address means here what it means inline. */
  readonly #table: Server
  readonly #declarations: ReadonlyMap<string, RouteDeclaration>
  readonly #restarts: Restarts
  #incarnation: Incarnation | undefined
  #isActive = false
  #hasGivenUp = false
  readonly #stopping = new AbortController()
  /** A start of another process that is under way. */
  #starting: Promise<void> | undefined

  private constructor(
    key: GenerationKey,
    parts: IncarnationParts,
    first: Incarnation,
    gaveUp: GaveUp,
    mostEnds: number | undefined,
  ) {
    this.key = key
    this.opened = parts.opened
    this.manifest = parts.opened.manifest
    this.#parts = parts
    this.#gaveUp = gaveUp
    this.#restarts = new Restarts(mostEnds)
    this.routes = pair(this.manifest, first)
    this.#traffic = new Traffic(this.manifest, parts.log)
    this.concurrency = this.#traffic.concurrency
    this.#table = Hapi.server()
    const prefix = `/api/plugins/${key.plugin}`
    const full = ({ declaration: { path } }: ServedDefinition) => (path === '/' ? prefix : prefix + path)
    for (const route of this.routes) {
      const { declaration } = route
      this.#table.route({
        method: declaration.method,
        path: full(route),
        handler: () => null,
        options: { app: { declaration } },
      })
    }
    this.#declarations = new Map(
      this.routes.map((route) => [`${route.declaration.method} ${full(route)}`, route.declaration]),
    )
    this.#follow(first)
  }

  /** @throws Error when the plugin does not start, or registers other routes than its manifest declares */
  static async start(
    key: GenerationKey,
    parts: IncarnationParts,
    gaveUp: GaveUp,
    mostEnds?: number,
  ): Promise<ProcessGeneration> {
    const first = await Incarnation.start(parts)
    try {
      return new ProcessGeneration(key, parts, first, gaveUp, mostEnds)
    } catch (error) {
      await first.stop()
      throw error
    }
  }

  get requestsInFlight(): number {
    return this.#traffic.inFlight.count
  }

  get closedBy(): string | undefined {
    return this.#parts.ports.capabilities.closedBy(this.manifest)
  }

  match(method: string, path: string): RequestRoute | null {
    return this.#table.match(method.toLowerCase() as 'get', path)
  }

  accept(response: ServerResponse): () => void {
    return this.#traffic.accept(response)
  }

  handle(request: IncomingMessage, response: ServerResponse, call: Call): void {
    bindCall(request, call)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const declaration = this.#declarations.get(`${method} ${contextOf(request).route}`)
    const incarnation = this.#incarnation
    if (incarnation?.isRunning && declaration) return incarnation.forward(request, response, call, declaration)
    // A failure, so that whoever compares versions by their failures sees it.
    if (this.#hasGivenUp)
      return answerProblem(request, response, new Error('The process of the plugin ended too often.'), this.#log)
    call.notAsked = true
    answerProblem(request, response, startingAgain(this.key.plugin), this.#log)
  }

  async activate(): Promise<void> {
    this.#isActive = true
    if (this.#incarnation) await this.#activate(this.#incarnation)
  }

  withdraw(): void {
    if (this.#incarnation) this.#parts.ports.capabilities.deactivate(this.#incarnation.scope.implementations)
  }

  async pause(): Promise<void> {
    this.#isActive = false
    const activation = this.#incarnation?.scope.activation
    await stopStep(this.key, this.#log, 'jobs and events', () => activation?.pause(), this.#traffic.drainMs)
  }

  async drain(): Promise<void> {
    await this.#traffic.drain()
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#stopping.abort()
    this.#restarts.cancel()
    await this.#starting
    this.withdraw()
    const incarnation = this.#incarnation
    this.#incarnation = undefined
    if (!incarnation) return
    await stopStep(this.key, this.#log, 'jobs and events', () => incarnation.scope.activation.end())
    await stopStep(this.key, this.#log, 'process', () => incarnation.stop())
  }

  async #activate({ scope }: Incarnation): Promise<void> {
    const { ports } = this.#parts
    await ports.topics.take(this.manifest, scope.checks)
    // Paused meanwhile: another generation has its jobs and events now.
    if (!this.#isActive) return
    ports.capabilities.activate({
      manifest: this.manifest,
      implementations: scope.implementations,
      calls: this.#traffic.inFlight,
    })
    scope.activation.begin()
  }

  #follow(incarnation: Incarnation): void {
    this.#incarnation = incarnation
    void incarnation.ended.then((why) => {
      if (this.#incarnation === incarnation) this.#incarnation = undefined
      this.#ended(why)
    })
  }

  #ended(told: Reason): void {
    if (this.#isStopped) return
    const why = this.#parts.ports.secrets.hide(told)
    const pauseMs = this.#restarts.next(performance.now())
    this.#log.error({ reason: why.reason, pauseMs }, "a plugin's process ended")
    runAs(this.key, () =>
      this.#parts.ports.events.failed(this.key.plugin, new ReasonedError(together(' ', because('process_ended'), why))),
    )
    if (pauseMs === undefined) {
      this.#hasGivenUp = true
      return this.#gaveUp(this.key, together(' ', because('process_gave_up'), why))
    }
    this.#restarts.after(pauseMs, () => (this.#starting = this.#again()))
  }

  async #again(): Promise<void> {
    try {
      const incarnation = await this.#another()
      this.#follow(incarnation)
      this.#log.info({ pid: incarnation.pid }, "a plugin's process was started again")
    } catch (error) {
      if (this.#isStopped) return
      this.#log.error({ err: error }, "a plugin's process could not be started again")
      this.#ended(reasonOf(error))
    }
  }

  /** @throws what kept it from its start; its process is gone then */
  async #another(): Promise<Incarnation> {
    const { signal } = this.#stopping
    const incarnation = await Incarnation.start(this.#parts, signal)
    try {
      pair(this.manifest, incarnation)
      if (this.#isActive) await this.#activate(incarnation)
      signal.throwIfAborted()
      return incarnation
    } catch (error) {
      await stopStep(this.key, this.#log, 'process', () => incarnation.stop())
      throw error
    }
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  get #log(): Log {
    return this.#parts.log
  }
}

/** @throws Error that lists each difference between what the process registered and what the manifest declares */
function pair({ id, backend }: PluginManifest, { routes }: Incarnation): ServedDefinition[] {
  const handler = () => null
  return pairRoutes(
    id,
    routes.map((definition) => ({ ...definition, handler })),
    backend?.routes ?? [],
  )
}
