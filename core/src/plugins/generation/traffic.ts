import { type Log, Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { ServerResponse } from 'node:http'
import { boundCall } from './call.ts'
import { Concurrency } from './concurrency.ts'
import { InFlight } from './in-flight.ts'
import { UnderWay } from './under-way.ts'

const defaultConcurrency = 200
/** Waiting requests for each running one. */
const queueFactor = 4
const defaultDrainMs = 10_000
/** Time between the abort signal and the cut. */
const graceMs = 1_000

/** What is under way in one generation: how much there may be, and how it comes to its end. */
export class Traffic {
  readonly concurrency: Concurrency
  readonly inFlight = new InFlight()
  /** How long what is under way may go on at a stop. */
  readonly drainMs: number
  readonly #manifest: PluginManifest
  readonly #log: Log
  readonly #responses = new UnderWay<ServerResponse>()

  constructor(manifest: PluginManifest, log: Log) {
    this.#manifest = manifest
    this.#log = log
    const limit = manifest.backend?.resources?.concurrency ?? defaultConcurrency
    this.concurrency = new Concurrency(limit, limit * queueFactor)
    this.drainMs = manifest.lifecycle?.drainMs ?? defaultDrainMs
  }

  /** Counts a request from here on. @returns to be called once, when its response is closed */
  accept(response: ServerResponse): () => void {
    const place = this.#responses.enter(response)
    const leave = this.inFlight.enter()
    return () => {
      this.#responses.leave(place)
      leave()
    }
  }

  async drain(): Promise<void> {
    if (await this.inFlight.empty(this.drainMs)) return
    const { id: plugin, version } = this.#manifest
    this.#log.warn(
      { plugin, version, requests: this.inFlight.count },
      'drain limit reached; aborting what is in flight',
    )
    const stopping = new Problem(503, 'plugin_unavailable', `Plugin "${plugin}" was stopped while it answered.`, {
      retryAfter: 2,
    })
    for (const { req } of this.#begun()) boundCall(req)?.cancellation.cancel(stopping)
    if (await this.inFlight.empty(graceMs)) return
    for (const response of this.#begun()) response.destroy()
  }

  /** What the plugin has; the rest waits for a place and is refused by itself. */
  #begun(): ServerResponse[] {
    return this.#responses.all().filter(({ req }) => boundCall(req) !== undefined)
  }
}
