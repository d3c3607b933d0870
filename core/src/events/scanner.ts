import type { DomainEvent, Log } from '@dcesop/sdk-plugin'
import { ObjectId } from './object-id.ts'
import pLimit from 'p-limit'
import { afterFailure, dueQueues, isFinished } from './delivery.ts'
import type { Inbox, InboxEntry } from './inbox.ts'
import type { Outbox, OutboxDocument } from './outbox.ts'

/** Interest of one plugin in one topic. */
export interface Subscription {
  readonly plugin: string
  readonly topic: string
  handle(event: DomainEvent): Promise<void>
}

export interface ScannerParts {
  readonly outbox: Outbox
  readonly log: Log
  /** Told of every failed hand-over, to count it against the plugin. */
  failed(plugin: string, error: unknown): void
}

const pageSize = 200
const parallelKeys = 8
const fullScanMs = 15_000
/** How long an id may still appear below one already seen: a transaction lasts at most 60 s, and usually far less than 3 s. */
const settleMs = 90_000
const usualCommitMs = 3_000

/** Reads one region's outbox for one subscription, page by page, and hands over what is due. */
export class Scanner {
  readonly #subscription: Subscription
  readonly #region: string
  readonly #inbox: Inbox
  readonly #parts: ScannerParts
  readonly #held = new Set<string>()
  #head = new ObjectId('0'.repeat(24))
  #nextFullScan = 0

  constructor(subscription: Subscription, region: string, inbox: Inbox, parts: ScannerParts) {
    this.#subscription = subscription
    this.#region = region
    this.#inbox = inbox
    this.#parts = parts
  }

  /** Milliseconds until a waiting event may be due or late commits must be looked for. */
  get idleMs(): number {
    return Math.max(0, this.#nextFullScan - this.#parts.outbox.ids.now().getTime())
  }

  /** From the head normally; from the persisted position when retries are due or late commits must be looked for. */
  async scan(signal: AbortSignal): Promise<void> {
    const full = this.idleMs === 0
    if (full) {
      this.#held.clear()
      this.#nextFullScan = this.#parts.outbox.ids.now().getTime() + fullScanMs
    }
    let from = this.#head
    if (full) {
      from = await this.#inbox.position()
      // What lies before it is finished and forgotten: from there on it would be handed over again.
      if (from.toHexString() > this.#head.toHexString()) this.#head = from
    }
    let finishedTo: ObjectId | undefined
    let unbroken = full
    while (!signal.aborted) {
      const page = await this.#page(from)
      if (page.length === 0) break
      const seen = await this.#handPage(page, signal)
      for (const { _id } of page) {
        unbroken &&= isFinished(seen.get(_id.toHexString())) && this.#ageOf(_id) > settleMs
        if (unbroken) finishedTo = _id
        if (this.#ageOf(_id) > usualCommitMs) this.#head = _id
      }
      from = (page.at(-1) as OutboxDocument)._id
      if (page.length < pageSize) break
    }
    if (finishedTo) await this.#inbox.advance(finishedTo)
  }

  async #page(after: ObjectId): Promise<OutboxDocument[]> {
    const filter = { topic: this.#subscription.topic, _id: { $gt: after } }
    return this.#parts.outbox
      .events(this.#region)
      .find(filter, { sort: { _id: 1 }, limit: pageSize })
      .toArray()
  }

  async #handPage(page: readonly OutboxDocument[], signal: AbortSignal): Promise<Map<string, InboxEntry>> {
    const [first, last] = [page[0] as OutboxDocument, page.at(-1) as OutboxDocument]
    const seen = await this.#inbox.entries(first._id, last._id)
    const queues = dueQueues(page, seen, this.#held, this.#parts.outbox.ids.now())
    const limit = pLimit(parallelKeys)
    const entries = (await Promise.all(queues.map((queue) => limit(() => this.#deliver(queue, seen, signal))))).flat()
    await this.#inbox.record(entries)
    for (const entry of entries) seen.set(entry.event.toHexString(), entry)
    for (const { nextAt } of seen.values())
      if (nextAt) this.#nextFullScan = Math.min(this.#nextFullScan, nextAt.getTime())
    return seen
  }

  /** One key's events in order, up to the first failure. */
  async #deliver(queue: readonly OutboxDocument[], seen: ReadonlyMap<string, InboxEntry>, signal: AbortSignal) {
    const { plugin, topic } = this.#subscription
    const entries: InboxEntry[] = []
    for (const { _id, key, at, payload } of queue) {
      if (signal.aborted) break
      const id = _id.toHexString()
      const attempts = (seen.get(id)?.attempts ?? 0) + 1
      try {
        await this.#subscription.handle({ id, topic, region: this.#region, key, at: at.toISOString(), payload })
        entries.push({ event: _id, state: 'done', attempts })
      } catch (error) {
        const entry = afterFailure(_id, attempts, this.#parts.outbox.ids.now())
        this.#parts.log.error(
          { err: error, plugin, topic, region: this.#region, event: id, attempts, state: entry.state },
          'event handler failed',
        )
        this.#parts.failed(plugin, error)
        entries.push(entry)
        if (entry.state === 'waiting') this.#held.add(key)
        break
      }
    }
    return entries
  }

  #ageOf(id: ObjectId): number {
    return this.#parts.outbox.ids.now().getTime() - id.getTimestamp().getTime()
  }
}
