import type { IncidentKind, IncidentReport } from '@dcesop/sdk-plugin/contracts'
import type { Connection } from 'mongoose'
import { randomUUID } from 'node:crypto'
import { durable } from '../../data/durable.ts'
import type { Clock } from '../../ports.ts'

/** `refused`: the registry does not want it; `given_up`: the registry did not take it for seven days. */
export type ReportState = 'waiting' | 'reported' | 'refused' | 'given_up'

/** What happened to which package. */
export interface Incident {
  /** One report for each: the id of a row of the journal, or what else is told once. */
  readonly source: string
  readonly plugin: string
  readonly version: string
  /** Of the package, SHA-512 in hex. */
  readonly digest: string
  readonly kind: IncidentKind
  readonly at: Date
}

/** A report on its way, as stored. */
export interface StoredReport extends Omit<Incident, 'source'> {
  readonly _id: string
  /** By which the registry knows it again. */
  readonly report: string
  readonly state: ReportState
  readonly attempts: number
  /** Not before. */
  readonly nextAt: Date
  /** When it was reported, refused or given up. */
  readonly endedAt?: Date
}

const dayMs = 86_400_000
/** What is older is not reported any more; the registry would not take it. */
export const reportedWithinMs = 7 * dayMs
const keptMs = 90 * dayMs
const firstPauseMs = 30_000
const longestPauseMs = 6 * 3_600_000

/** Reports for the registry, kept until it has them. */
export class ReportOutbox {
  readonly #connection: Connection
  readonly #clock: Clock

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
  }

  get #reports() {
    return this.#connection.collection<StoredReport>('plugin_reports', durable)
  }

  async prepare(): Promise<void> {
    await this.#reports.createIndex({ state: 1, nextAt: 1 })
    await this.#reports.createIndex({ at: 1 })
  }

  /** Of one source the first counts, on whichever host. */
  async add({ source, ...incident }: Incident): Promise<void> {
    const report = { ...incident, report: randomUUID(), state: 'waiting' as const, attempts: 0, nextAt: incident.at }
    await this.#reports.updateOne({ _id: source }, { $setOnInsert: report }, { upsert: true })
  }

  async find(sources: readonly string[]): Promise<Map<string, StoredReport>> {
    const found = await this.#reports.find({ _id: { $in: [...sources] } }).toArray()
    return new Map(found.map((report) => [report._id, report]))
  }

  /** What may be sent now, the oldest first. */
  due(limit: number): Promise<StoredReport[]> {
    const filter = { state: 'waiting' as const, nextAt: { $lte: this.#clock.now() } }
    return this.#reports.find(filter, { sort: { nextAt: 1 }, limit }).toArray()
  }

  async end({ _id }: StoredReport, state: Exclude<ReportState, 'waiting'>): Promise<void> {
    await this.#reports.updateOne({ _id, state: 'waiting' }, { $set: { state, endedAt: this.#clock.now() } })
  }

  /** Twice as long after each attempt, six hours at most. */
  async postpone({ _id, attempts }: StoredReport): Promise<void> {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** attempts)
    const nextAt = new Date(this.#clock.now().getTime() + pauseMs)
    await this.#reports.updateOne({ _id, state: 'waiting' }, { $set: { nextAt }, $inc: { attempts: 1 } })
  }

  /** What ended is shown beside its incident for as long as the registry keeps it there. */
  async forgetOld(): Promise<void> {
    const before = new Date(this.#clock.now().getTime() - keptMs)
    await this.#reports.deleteMany({ state: { $ne: 'waiting' }, at: { $lt: before } })
  }

  /** @returns how many */
  async giveUpOld(): Promise<number> {
    const now = this.#clock.now()
    const before = new Date(now.getTime() - reportedWithinMs)
    const change = { $set: { state: 'given_up' as const, endedAt: now } }
    return (await this.#reports.updateMany({ state: 'waiting', at: { $lt: before } }, change)).modifiedCount
  }
}

/** All that leaves the host: no sentence, and nobody's name. */
export function bodyOf({ report, plugin, version, digest, kind, at }: StoredReport): IncidentReport {
  return { id: report, plugin, version, sha512: digest, kind, at: at.toISOString() }
}
