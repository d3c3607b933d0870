import { setTimeout as wait } from 'node:timers/promises'
import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { openIncidentsOn } from '../issues/incident-store.ts'
import type { Services } from '../services.ts'
import type { Stores } from '../stores.ts'
import { summarise } from '../usage/usage.ts'
import { newestStates } from '../verdict/live-samples.ts'
import type { Facts } from './facts.ts'
import type { StepId } from './document.ts'

const measurementMs = 5_000
const askEveryMs = 200
/** A sample this young when the diagnosis starts is as good as a new one. */
const youngMs = 5_000

/** Reads for each step what it decides on, no earlier than it is needed. */
export class Gatherer {
  readonly #services: Services
  readonly #stores: Stores
  readonly #service: ServiceRecord
  #facts: Facts

  constructor(services: Services, stores: Stores, service: ServiceRecord) {
    this.#services = services
    this.#stores = stores
    this.#service = service
    const now = services.now()
    this.#facts = {
      service,
      now,
      freshSince: new Date(now.getTime() - services.settings.staleMs),
      book: services.book,
      incidents: [],
      measuredNow: false,
      latest: undefined,
      neighbours: {},
      usage: summarise(service, undefined, [], now),
    }
  }

  /** The facts with what the step needs. @throws AbortError when the diagnosis is cut off */
  async factsFor(step: StepId, signal: AbortSignal): Promise<Facts> {
    if (step === 'mass-incident') {
      this.#know({ incidents: await openIncidentsOn(this.#stores, [this.#service.networkElement.id], this.#facts.now) })
    }
    if (step === 'measurement') await this.#measure(signal)
    if (step === 'congestion') {
      this.#know({ neighbours: await this.#services.neighbours.medians(this.#stores, this.#service) })
    }
    return this.#facts
  }

  /** Asks for a fast measurement and waits for it, five seconds at most. */
  async #measure(signal: AbortSignal): Promise<void> {
    const { region } = this.#stores
    const since = new Date(this.#services.now().getTime() - youngMs)
    await this.#services.focus.watch(region, [this.#service])
    let measuredNow = await this.#hasSampleSince(since)
    for (let waited = 0; !measuredNow && waited < measurementMs; waited += askEveryMs) {
      await wait(askEveryMs, undefined, { signal })
      measuredNow = await this.#hasSampleSince(since)
    }
    const states = await newestStates(this.#stores, this.#services.book, [this.#service])
    const latest = states.get(this.#service.id)
    const now = this.#services.now()
    this.#know({ measuredNow, latest, now, usage: summarise(this.#service, latest, [], now) })
  }

  async #hasSampleSince(since: Date): Promise<boolean> {
    const sample = await this.#stores.samples.findOne(
      // Also by the host's clock: what a source whose clock is ahead sent minutes ago is no sign of life now.
      { serviceId: this.#service.id, at: { $gte: since }, ingestedAt: { $gte: since } },
      { sort: { at: -1 }, projection: { _id: 1 } },
    )
    return sample !== null
  }

  #know(facts: Partial<Facts>): void {
    this.#facts = { ...this.#facts, ...facts }
  }
}
