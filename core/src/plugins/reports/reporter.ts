import type { Clock, Log } from '../../ports.ts'
import type { GenerationKey, Journal, JournalRow } from '../journal/journal.ts'
import { Declined, type RegistryHttp } from '../registry/http.ts'
import { Unreachable } from '../registry/unreachable.ts'
import { incidentCodes, incidentEnds, incidentKindOf } from './incident-kind.ts'
import { bodyOf, reportedWithinMs, type ReportOutbox, type ReportState, type StoredReport } from './report-outbox.ts'

export interface ReporterDeps {
  readonly journal: Journal
  readonly outbox: ReportOutbox
  readonly http: RegistryHttp
  /** The instance's own, good for reports and for nothing else. */
  readonly token: string
  /** Whether the registry has these bytes; what it never saw is not its business. */
  readonly isListed: (digest: string) => boolean
  readonly clock: Clock
  readonly log: Log
}

/** How the report of a transition stands. */
export interface ReportStatus {
  readonly state: ReportState
  /** ISO time at which it ended; null while it waits. */
  readonly at: string | null
}

/** The registry understood, and will say the same next time. */
const final = new Set(['bytes_differ', 'incident_out_of_time', 'invalid_request', 'package_not_found'])
const mostInOneRound = 20

/** Tells the registry, and by it the publisher, of versions that this host stopped. */
export class Reporter {
  readonly #deps: ReporterDeps

  constructor(deps: ReporterDeps) {
    this.#deps = deps
  }

  /** Finds what is to be told and sends it; on one host at a time. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#collect()
    const { outbox, log } = this.#deps
    const old = await outbox.giveUpOld()
    if (old > 0) log.warn({ reports: old }, 'incidents could not be reported within seven days')
    await outbox.forgetOld()
    for (const report of await outbox.due(mostInOneRound)) if (signal.aborted || !(await this.#send(report))) return
  }

  /** The screens of a version are off for somebody: told once a day, however many people it happens to. */
  async screensFailed({ plugin, version, digest }: Omit<GenerationKey, 'configRevision'>): Promise<void> {
    if (!this.#deps.isListed(digest)) return
    const at = this.#deps.clock.now()
    const source = `screens/${digest}/${at.toISOString().slice(0, 10)}`
    await this.#deps.outbox.add({ source, plugin, version, digest, kind: 'screens_failed', at })
  }

  /** By the id of the row; what is no incident has none. */
  async statusOf(rows: readonly JournalRow[]): Promise<Map<string, ReportStatus>> {
    const incidents = rows.filter((row) => incidentKindOf(row) !== undefined)
    const stored = await this.#deps.outbox.find(incidents.map(({ _id }) => _id))
    return new Map(
      incidents.flatMap((row): [string, ReportStatus][] => {
        const report = stored.get(row._id)
        if (report) return [[row._id, { state: report.state, at: report.endedAt?.toISOString() ?? null }]]
        return this.#isAwaited(row) ? [[row._id, { state: 'waiting', at: null }]] : []
      }),
    )
  }

  /** The journal has every incident from the moment that it is one, so that none is lost with a host. */
  async #collect(): Promise<void> {
    const { journal, outbox } = this.#deps
    const rows = (await journal.caused(incidentCodes, incidentEnds, this.#oldest())).filter((row) =>
      this.#isAwaited(row),
    )
    const known = await outbox.find(rows.map(({ _id }) => _id))
    for (const { _id: source, plugin, version, digest, at, ...row } of rows) {
      const kind = incidentKindOf(row)
      if (kind && !known.has(source)) await outbox.add({ source, plugin, version, digest, kind, at })
    }
  }

  /** @returns whether the next one may be tried */
  async #send(report: StoredReport): Promise<boolean> {
    const { outbox, http, token, log } = this.#deps
    const { plugin, version, kind } = report
    try {
      await http.json('/-/dcesop/v1/incidents', { body: bodyOf(report), token })
    } catch (error) {
      if (!(error instanceof Declined || error instanceof Unreachable)) throw error
      if (error instanceof Declined && final.has(error.code ?? '')) {
        log.error({ err: error, plugin, version, kind }, 'the registry refuses the report of an incident')
        await outbox.end(report, 'refused')
        return true
      }
      log.warn({ err: error, plugin, version, kind }, 'an incident could not be reported; it is tried again')
      await outbox.postpone(report)
      return false
    }
    await outbox.end(report, 'reported')
    log.info({ plugin, version, kind }, 'an incident was reported to the publisher')
    return true
  }

  #isAwaited({ digest, at }: JournalRow): boolean {
    return at >= this.#oldest() && this.#deps.isListed(digest)
  }

  #oldest(): Date {
    return new Date(this.#deps.clock.now().getTime() - reportedWithinMs)
  }
}
