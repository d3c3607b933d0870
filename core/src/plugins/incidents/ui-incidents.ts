import type { Clock, Log } from '@dcesop/sdk-plugin'
import { scrub } from '../../observability/scrub.ts'
import type { Identity } from '../../ports.ts'
import type { UiIncidentSample } from '../host-types.ts'
import type { Catalogue } from '../store/catalogue.ts'

/** What a shell tells of a unit that failed in a browser. */
export interface UiIncident {
  /** The person who calls support reads it from the card. */
  readonly id: string
  readonly plugin: string
  readonly version: string
  readonly unit: string
  readonly phase: string
  readonly message: string
  /** ISO time of the browser's clock, for the log only. */
  readonly at: string
  /** Whether the plugin's screens are off for the session now. */
  readonly quarantined?: boolean
}

interface Recent {
  /** Minute since the epoch to the number of incidents in it. */
  readonly perMinute: Map<number, number>
  last: { readonly at: string; readonly kind: string; readonly version: string; readonly unit: string }
}

export interface UiIncidentsDeps {
  readonly log: Log
  readonly clock: Clock
  readonly catalogue: Pick<Catalogue, 'find'>
  readonly observe: (sample: UiIncidentSample, identity: Identity, quarantined: boolean) => Promise<void>
}

/** Failures of plugins' screens in people's browsers: to the log, the metrics and, for the last hour, the administration. */
export class UiIncidents {
  readonly #deps: UiIncidentsDeps
  readonly #recent = new Map<string, Recent>()

  constructor(deps: UiIncidentsDeps) {
    this.#deps = deps
  }

  async record(incident: UiIncident, traceId: string, identity: Identity): Promise<void> {
    const { id, plugin, version, unit, phase: kind, at: reportedAt } = incident
    const { log, clock, catalogue, observe } = this.#deps
    const text = scrub(incident.message)
    log.warn({ plugin, version, unit, kind, incident: id, text, reportedAt, traceId }, "a plugin's screen failed")
    // Only what is in the store becomes a label or is kept: a client must not grow either at will.
    if (!(await catalogue.find(plugin, version))) return
    const last = { at: clock.now().toISOString(), kind, version, unit }
    const recent = this.#recent.get(plugin) ?? { perMinute: new Map<number, number>(), last }
    this.#recent.set(plugin, recent)
    recent.last = last
    const minute = this.#minute()
    this.#forget(recent, minute)
    recent.perMinute.set(minute, (recent.perMinute.get(minute) ?? 0) + 1)
    await observe({ plugin, version, kind }, identity, incident.quarantined === true)
  }

  /** Of one plugin since this process started: how many in the last hour, and the last one. */
  of(plugin: string): { lastHour: number; last: Recent['last'] | null } {
    const recent = this.#recent.get(plugin)
    if (!recent) return { lastHour: 0, last: null }
    this.#forget(recent, this.#minute())
    return { lastHour: [...recent.perMinute.values()].reduce((sum, count) => sum + count, 0), last: recent.last }
  }

  #minute(): number {
    return Math.floor(this.#deps.clock.now().getTime() / 60_000)
  }

  #forget({ perMinute }: Recent, now: number): void {
    for (const minute of perMinute.keys()) if (minute <= now - 60) perMinute.delete(minute)
  }
}
