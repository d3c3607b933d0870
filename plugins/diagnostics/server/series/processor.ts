import type { ClientSession } from 'mongodb'
import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { Inventory } from '../inventory/inventory.ts'
import type { IssueDocument } from '../issues/issue.ts'
import { saveIssues } from '../issues/issue-store.ts'
import { lateIssues } from '../issues/late-issues.ts'
import type { ThresholdBook } from '../metrics/threshold-rules.ts'
import type { Stores } from '../stores.ts'
import { followedTo } from './followed.ts'
import { advance, type Advanced, type LatestDocument } from './latest.ts'
import { rollUp, type DirtyMinute } from './roll-up.ts'
import type { SampleDocument } from './sample.ts'

/**
 * Rows become visible a little after their `ingestedAt`, so each pass looks back. A wide pass now and then looks back from where the
 * one before stood: it finds what became visible up to half a minute late in all the time between.
 */
const lookBackMs = 3_000
const wideLookBackMs = 30_000
const wideEvery = 60
/** A batch is one transaction: its size is what it writes, which goes with the minutes that it touches more than with its rows. */
const batchMinutes = 250
const batchRows = 5_000

/**
 * Follows the raw samples of one region in the order of their arrival and brings what is derived from them up to date: roll-ups,
 * newest state, issues. Everything it writes can be written again, so a crash costs a repetition and nothing else.
 */
export class Processor {
  readonly #stores: Stores
  readonly #inventory: Inventory
  readonly #book: ThresholdBook
  readonly #issueDays: number
  readonly #onIssues: (issues: readonly IssueDocument[]) => void
  /** Ids seen within the next wide look back, with their arrival. */
  readonly #seen = new Map<string, number>()
  #watermark: number | undefined
  /** The watermark when the last wide pass began. */
  #widened: number | undefined
  #passes = 0

  constructor(parts: {
    stores: Stores
    inventory: Inventory
    book: ThresholdBook
    issueDays: number
    onIssues: (issues: readonly IssueDocument[]) => void
  }) {
    this.#stores = parts.stores
    this.#inventory = parts.inventory
    this.#book = parts.book
    this.#issueDays = parts.issueDays
    this.#onIssues = parts.onIssues
  }

  /** One pass over what has arrived. @returns how many rows were new */
  async run(signal: AbortSignal): Promise<number> {
    const began = (this.#watermark ??= await followedTo(this.#stores))
    const wide = this.#passes % wideEvery === 0
    this.#passes += 1
    const from = new Date(wide ? (this.#widened ?? began) - wideLookBackMs : began - lookBackMs)
    const cursor = this.#stores.samples.find({ ingestedAt: { $gte: from } }).sort({ ingestedAt: 1 })
    let fresh = 0
    let batch: SampleDocument[] = []
    let minutes = new Map<string, DirtyMinute>()
    const take = async (): Promise<void> => {
      fresh += batch.length
      await this.#take(batch, [...minutes.values()])
      batch = []
      minutes = new Map()
    }
    for await (const sample of cursor) {
      if (signal.aborted) return fresh
      if (this.#seen.has(sample._id)) continue
      batch.push(sample)
      addMinute(minutes, sample)
      if (minutes.size >= batchMinutes || batch.length >= batchRows) await take()
    }
    if (batch.length > 0) await take()
    if (wide) this.#widened = began
    return fresh
  }

  /** One transaction for a batch: all that is derived from it, and how far the samples were followed. */
  async #take(batch: readonly SampleDocument[], dirty: readonly DirtyMinute[]): Promise<void> {
    const byService = Map.groupBy(batch, (sample) => sample.serviceId)
    const services = await this.#inventory.find(this.#stores.region, byService.keys())
    const newest = batch.reduce((time, sample) => Math.max(time, sample.ingestedAt.getTime()), this.#watermark ?? 0)
    const issues = await this.#stores.transaction(async (session) => {
      await rollUp(this.#stores, dirty, session)
      const changed = await this.#advance(byService, services, session)
      const progress = { $set: { at: new Date(newest) } }
      await this.#stores.progress.updateOne({ _id: 'samples' }, progress, { upsert: true, session })
      return changed
    })
    this.#watermark = newest
    for (const sample of batch) this.#seen.set(sample._id, sample.ingestedAt.getTime())
    // In the order of arrival: the first one that is young enough ends the search.
    const oldest = Math.min(newest - wideLookBackMs, this.#widened ?? newest) - wideLookBackMs
    for (const [id, at] of this.#seen) {
      if (at >= oldest) break
      this.#seen.delete(id)
    }
    if (issues.length > 0) this.#onIssues(issues)
  }

  async #advance(
    byService: ReadonlyMap<string, readonly SampleDocument[]>,
    services: ReadonlyMap<string, ServiceRecord>,
    session: ClientSession,
  ): Promise<IssueDocument[]> {
    const known = new Map<string, LatestDocument>()
    const stored = this.#stores.latest.find({ _id: { $in: [...byService.keys()] } }, { session })
    for (const latest of await stored.toArray()) known.set(latest._id, latest)
    const advanced: Advanced[] = []
    const issues: IssueDocument[] = []
    for (const [id, samples] of byService) {
      const service = services.get(id)
      // What is measured of a service that has ended is kept, but is nobody's trouble, and nothing would ever end it.
      if (service === undefined || service.status === 'terminated') continue
      const item = advance(this.#book, service, known.get(id), samples)
      advanced.push(item)
      issues.push(...(await lateIssues(this.#stores, this.#book, service, known.get(id), samples)), ...item.issues)
    }
    await saveIssues(this.#stores, issues, { keepDays: this.#issueDays, session })
    if (advanced.length > 0) {
      await this.#stores.latest.bulkWrite(
        advanced.map(({ latest }) => ({
          replaceOne: { filter: { _id: latest._id }, replacement: withoutId(latest), upsert: true },
        })),
        { session },
      )
    }
    return issues
  }
}

function addMinute(minutes: Map<string, DirtyMinute>, { serviceId, at }: SampleDocument): void {
  const minute = Math.floor(at.getTime() / 60_000)
  minutes.set(`${serviceId}@${minute}`, { serviceId, minute: new Date(minute * 60_000) })
}

function withoutId<T extends { readonly _id: string }>({ _id, ...rest }: T): Omit<T, '_id'> {
  return rest
}
