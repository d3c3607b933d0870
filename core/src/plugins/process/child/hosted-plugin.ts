import { type AuditEntry, DisposableStore, type Log } from '@dcesop/sdk-plugin'
import { configIn, deepFreeze, scopedData } from '@dcesop/sdk-plugin/host'
import { Outbox } from '../../../events/outbox.ts'
import type { AuditPort, DataPlatform } from '../../../ports.ts'
import { bindLog } from '../../generation/bind-log.ts'
import { databaseComment, runAs } from '../../generation/attribution.ts'
import { runPlugin } from '../../generation/run-plugin.ts'
import { serveRoutes } from '../../generation/serve-routes.ts'
import type { Peer } from '../channel/peer.ts'
import type { Availability, Init, Listeners, StartedRoutes, Times } from '../protocol.ts'
import { openData } from './data.ts'
import { useEgress } from './egress.ts'
import { childEvents } from './events.ts'
import { hostCapabilities, hostJobs, hostLog, hostRealtime, hostSecrets } from './host-ports.ts'
import { listen } from './listen.ts'
import { Registrations } from './registrations.ts'

/** One plugin in its process: the same loader, context and server as inline, with handles that speak to the host. */
export class HostedPlugin {
  readonly #init: Init
  readonly #peer: Peer
  readonly #log: Log
  readonly #registrations: Registrations
  readonly #runs = new Map<number, AbortController>()
  readonly #running = new DisposableStore()
  /** By how much the host's times are ahead of this process's. */
  #ahead = { clock: 0, events: 0 }
  #available: Availability
  #listeners: Listeners = []

  constructor(init: Init, peer: Peer) {
    this.#init = init
    this.#peer = peer
    this.#available = init.available
    this.#log = bindLog(hostLog(peer), {})
    this.#registrations = new Registrations(peer, this.#log)
    this.setTimes(init.times)
  }

  /** Resolves when the plugin can serve. @throws what keeps it from that */
  async start(): Promise<StartedRoutes> {
    const { manifest, code, config, requests, key, egress } = this.#init
    useEgress(egress, key)
    const platform = await openData(this.#init)
    this.#running.add({ dispose: () => platform.core.close() })
    const data = scopedData(platform, manifest, () => databaseComment(manifest))
    this.#running.add(data)
    const shown = deepFreeze(config)
    const given = { config: shown.value, configOf: configIn(shown), ...this.#handles(platform), data: data.port }
    const opened = { manifest, files: new Map([[manifest.backend?.entry ?? '', Buffer.from(code)]]) }
    const routes = await runPlugin(opened, given, this.#running)
    await this.#registrations.settled()
    await data.indexesReady()
    const owner = { plugin: manifest.id, version: manifest.version }
    const child = await serveRoutes(routes, owner, { audit: this.#audit, log: this.#log })
    await listen(child, requests, key)
    return routes.map(({ definition: { handler: _, ...definition } }) => definition)
  }

  invoke(id: number, params: readonly unknown[]): unknown {
    const { id: plugin, version } = this.#init.manifest
    return runAs({ plugin, version }, () => this.#registrations.invoke(id, params))
  }

  abort(run: number): void {
    this.#runs.get(run)?.abort(new Error('The host stopped this run.'))
  }

  available(now: Availability): void {
    this.#available = now
  }

  listeners(now: Listeners): void {
    this.#listeners = now
  }

  setTimes({ now, events }: Times): void {
    this.#ahead = { clock: now.getTime() - Date.now(), events: events.getTime() - Date.now() }
  }

  async stop(): Promise<void> {
    await this.#running.dispose()
  }

  #handles(platform: DataPlatform) {
    const { manifest } = this.#init
    const clock = { now: () => new Date(Date.now() + this.#ahead.clock) }
    const eventClock = { now: () => new Date(Date.now() + this.#ahead.events) }
    return {
      log: this.#log,
      clock,
      events: childEvents(manifest, new Outbox(platform, eventClock), this.#peer, this.#registrations),
      realtime: hostRealtime(this.#peer, this.#registrations, () => this.#listeners),
      jobs: hostJobs(this.#registrations, this.#runs),
      capabilities: hostCapabilities(manifest, this.#peer, this.#registrations, () => this.#available),
      secrets: hostSecrets(this.#peer),
    }
  }

  /** Who did it is not told: the host knows which request has this trace id. */
  get #audit(): AuditPort {
    return {
      append: async ({ traceId, action, outcome, region, resource, reason, details }) => {
        if (outcome === 'denied') return void (await this.#peer.call('regionDenied', traceId, region, resource))
        const entry: AuditEntry = {
          action,
          ...(region !== undefined && { region }),
          ...(resource !== undefined && { resource }),
          ...(reason !== undefined && { reason }),
          ...(details !== undefined && { details }),
        }
        await this.#peer.call('audit', traceId, entry)
      },
    }
  }
}
