import { type Log, Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { ServerResponse } from 'node:http'
import type { Call } from './call.ts'
import { Concurrency } from './concurrency.ts'
import { InFlight } from './in-flight.ts'

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
  readonly #calls = new Map<ServerResponse, Call>()

  constructor(manifest: PluginManifest, log: Log) {
    this.#manifest = manifest
    this.#log = log
    const limit = manifest.backend?.resources?.concurrency ?? defaultConcurrency
    this.concurrency = new Concurrency(limit, limit * queueFactor)
    this.drainMs = manifest.lifecycle?.drainMs ?? defaultDrainMs
  }

  accept(response: ServerResponse): () => void {
    const leave = this.inFlight.enter()
    return () => {
      this.#calls.delete(response)
      leave()
    }
  }

  began(response: ServerResponse, call: Call): void {
    this.#calls.set(response, call)
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
    for (const { cancellation } of this.#calls.values()) cancellation.cancel(stopping)
    if (await this.inFlight.empty(graceMs)) return
    for (const response of this.#calls.keys()) response.destroy()
  }
}
