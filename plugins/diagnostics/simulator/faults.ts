import { hash, uniform } from './random.ts'
import type { SimulatedService } from './service.ts'

export type FaultKind = 'optical-slide' | 'cpe-reboots' | 'loss' | 'weak-signal' | 'backhaul-loss' | 'power-failure' | 'congestion'

/** Something that goes wrong between two moments; how bad it is grows with time where that is its nature. */
export interface Fault {
  readonly kind: FaultKind
  readonly startedAt: number
  readonly endsAt: number
  /** 0.5 to 1. */
  readonly strength: number
}

/** An element fault that network operations declare as an incident. */
export interface ElementFault extends Fault {
  readonly elementId: string
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const serviceFaultsPerDay = 0.004
const elementFaultsPerDay = 0.02
/** The demo's standing incident comes back in each window, so that a newcomer always finds one. */
const windowMs = 6 * hourMs
const windowOpenMs = windowMs - 10 * 60_000

/** All that goes wrong, decided by the seed and the day alone. */
export class FaultPlan {
  readonly #seed: string
  /** Elements on which a story plays. */
  readonly #standing: ReadonlyMap<string, 'mass-incident' | 'cell-congestion'>
  /** Elements and services of the healthy stories stay so. */
  readonly #spared: ReadonlySet<string>

  constructor(seed: string, services: Iterable<SimulatedService>) {
    this.#seed = seed
    const standing = new Map<string, 'mass-incident' | 'cell-congestion'>()
    const spared = new Set<string>()
    for (const { story, elementId, elementKind, serviceId } of services) {
      if (story === undefined) continue
      spared.add(serviceId)
      const plays = (story === 'mass-incident' && elementKind === 'olt') || (story === 'cell-congestion' && elementKind === 'cell')
      if (plays) standing.set(elementId, story)
      else spared.add(elementId)
    }
    this.#standing = standing
    this.#spared = spared
  }

  /** The fault of a single service at a moment. */
  ofService(service: SimulatedService, at: number): Fault | undefined {
    if (this.#spared.has(service.serviceId)) return undefined
    const kinds: readonly FaultKind[] =
      service.technology === 'fibre' ? ['optical-slide', 'optical-slide', 'cpe-reboots', 'loss'] : ['weak-signal', 'loss']
    return this.#drawn(service.serviceId, at, serviceFaultsPerDay, kinds, 2 * hourMs, 8 * hourMs)
  }

  /** The fault of a cell or OLT at a moment. */
  ofElement(elementId: string, kind: 'cell' | 'olt', at: number): Fault | undefined {
    const story = this.#standing.get(elementId)
    if (story === 'cell-congestion') return { kind: 'congestion', startedAt: 0, endsAt: Infinity, strength: 1 }
    if (story === 'mass-incident') {
      const startedAt = Math.floor(at / windowMs) * windowMs
      const endsAt = startedAt + windowOpenMs
      return at < endsAt ? { kind: 'backhaul-loss', startedAt, endsAt, strength: 1 } : undefined
    }
    if (this.#spared.has(elementId)) return undefined
    const kinds: readonly FaultKind[] = kind === 'olt' ? ['backhaul-loss', 'power-failure'] : ['backhaul-loss', 'congestion']
    return this.#drawn(elementId, at, elementFaultsPerDay, kinds, hourMs, 2.5 * hourMs)
  }

  /** Faults begin on a day and may reach into the next. */
  #drawn(id: string, at: number, perDay: number, kinds: readonly FaultKind[], shortest: number, longest: number): Fault | undefined {
    const today = Math.floor(at / dayMs)
    for (const day of [today, today - 1]) {
      if (uniform(this.#seed, 'fault', id, day) >= perDay) continue
      const startedAt = day * dayMs + uniform(this.#seed, 'start', id, day) * dayMs
      const endsAt = startedAt + shortest + uniform(this.#seed, 'length', id, day) * (longest - shortest)
      if (at < startedAt || at >= endsAt) continue
      const kind = kinds[hash(this.#seed, 'kind', id, day) % kinds.length]
      if (kind !== undefined) return { kind, startedAt, endsAt, strength: 0.5 + uniform(this.#seed, 'strength', id, day) / 2 }
    }
    return undefined
  }
}
