import type { IncomingMessage, ServerResponse } from 'node:http'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { whenItsTurn } from '../http/in-order.ts'
import { contextOf } from '../http/request-context.ts'

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10]

/** One plugin's state, as metrics tell it. */
export interface PluginState {
  readonly id: string
  readonly version: string
  readonly state: string
}

/** Prometheus metrics of the process: requests by route and plugin, event loop delay, memory, plugin states. */
export class RequestMetrics {
  readonly registry = new Registry()
  readonly #seconds
  readonly #pluginSeconds
  readonly #open
  readonly #uiIncidents
  readonly #loopSeconds
  readonly #cspReports
  readonly requests = { underWay: 0, answered: 0 }

  constructor(pluginStates: () => readonly PluginState[]) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 20 })
    this.#seconds = new Histogram({
      name: 'dcesop_http_request_seconds',
      help: 'Time to answer',
      labelNames: ['method', 'route', 'status'],
      buckets,
      registers,
    })
    this.#pluginSeconds = new Histogram({
      name: 'dcesop_plugin_request_seconds',
      help: 'Time a plugin took to answer',
      labelNames: ['plugin', 'version', 'method', 'route', 'status'],
      buckets,
      registers,
    })
    this.#open = new Counter({
      name: 'dcesop_http_requests_aborted_total',
      help: 'Requests whose client went away first',
      registers,
    })
    this.#uiIncidents = new Counter({
      name: 'dcesop_ui_incidents_total',
      help: 'Screens of plugins that failed in a browser',
      labelNames: ['plugin', 'version', 'kind'],
      registers,
    })
    this.#cspReports = new Counter({
      name: 'dcesop_csp_reports_total',
      help: 'What browsers say that the content security policy kept from a page',
      labelNames: ['directive'],
      registers,
    })
    this.#loopSeconds = new Counter({
      name: 'dcesop_plugin_event_loop_held_seconds_total',
      help: 'Time for which a plugin kept the event loop from everybody else, 50 ms and more at a time',
      labelNames: ['plugin'],
      registers,
    })
    new Gauge({
      name: 'dcesop_plugin_state',
      help: '1 for the state that a plugin is in',
      labelNames: ['plugin', 'version', 'state'],
      registers,
      collect() {
        this.reset()
        for (const { id, version, state } of pluginStates()) this.set({ plugin: id, version, state }, 1)
      },
    })
  }

  /** Measures one request to its last byte. */
  follow(request: IncomingMessage, response: ServerResponse): void {
    let begun = false
    whenItsTurn(response, () => {
      begun = true
      this.requests.underWay += 1
    })
    response.once('close', () => {
      if (begun) {
        this.requests.underWay -= 1
        this.requests.answered += 1
      }
      const { startedAt, route = 'unmatched' } = contextOf(request)
      if (!response.writableFinished) this.#open.inc()
      const labels = { method: request.method ?? '', route, status: String(response.statusCode) }
      this.#seconds.observe(labels, (performance.now() - startedAt) / 1000)
    })
  }

  countUiIncident(labels: { plugin: string; version: string; kind: string }): void {
    this.#uiIncidents.inc(labels)
  }

  countCspReport(directive: string): void {
    this.#cspReports.inc({ directive })
  }

  addLoopTime(plugin: string, seconds: number): void {
    this.#loopSeconds.inc({ plugin }, seconds)
  }

  /** Time that a plugin took. */
  observePlugin(sample: {
    plugin: string
    version: string
    method: string
    route: string
    status: number
    seconds: number
  }): void {
    const { seconds, status, ...labels } = sample
    this.#pluginSeconds.observe({ ...labels, status: String(status) }, seconds)
  }
}
