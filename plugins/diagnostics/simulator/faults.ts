import { hash, uniform } from './random.ts'
import type { SimulatedService } from './service.ts'

export type FaultKind =
  | 'optical-slide'
  | 'cpe-reboots'
  | 'loss'
  | 'weak-signal'
  | 'backhaul-loss'
  | 'power-failure'
  | 'congestion'

/** Something that goes wrong between two moments; how bad it is grows with time where that is its nature. */
export interface Fault {
  readonly kind: FaultKind
  readonly startedAt: number
  readonly endsAt: number
  /** 0.5 to 1. */
  readonly strength: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const serviceFaultsPerDay = 0.004
const elementFaultsPerDay = 0.02
/** The demo's standing incident comes back in each window, so that a newcomer always finds one. */
const windowMs = 6 * hourMs
const windowOpenMs = windowMs - 10 * 60_000

/** From what a fault of one service or element is drawn. */
interface Draw {
  readonly id: string
  readonly perDay: number
  readonly kinds: readonly FaultKind[]
  readonly shortest: number
  readonly longest: number
}

/** Days whose draws are remembered: a backfill of 24 hours touches three. */
const keptDays = 4

/** All that goes wrong, decided by the seed and the day alone. */
export class FaultPlan {
  readonly #seed: string
  /** Elements on which a story plays. */
  readonly #standing: ReadonlyMap<string, 'mass-incident' | 'cell-congestion'>
  /** Elements and services of the healthy stories stay so. */
  readonly #spared: ReadonlySet<string>
  readonly #days = new Map<number, Map<string, Fault | undefined>>()

  constructor(seed: string, services: Iterable<SimulatedService>) {
    this.#seed = seed
    const standing = new Map<string, 'mass-incident' | 'cell-congestion'>()
    const spared = new Set<string>()
    for (const { story, elementId, elementKind, serviceId } of services) {
      if (story === undefined) continue
      spared.add(serviceId)
      const plays =
        (story === 'mass-incident' && elementKind === 'olt') || (story === 'cell-congestion' && elementKind === 'cell')
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
      service.technology === 'fibre'
        ? ['optical-slide', 'optical-slide', 'cpe-reboots', 'loss']
        : ['weak-signal', 'loss']
    return this.#drawn(
      { id: service.serviceId, perDay: serviceFaultsPerDay, kinds, shortest: 2 * hourMs, longest: 8 * hourMs },
      at,
    )
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
    const kinds: readonly FaultKind[] =
      kind === 'olt' ? ['backhaul-loss', 'power-failure'] : ['backhaul-loss', 'congestion']
    return this.#drawn(
      { id: elementId, perDay: elementFaultsPerDay, kinds, shortest: hourMs, longest: 2.5 * hourMs },
      at,
    )
  }

  /** Faults begin on a day and may reach into the next. */
  #drawn(draw: Draw, at: number): Fault | undefined {
    const today = Math.floor(at / dayMs)
    return [this.#begunOn(draw, today), this.#begunOn(draw, today - 1)].find(
      (fault) => fault !== undefined && at >= fault.startedAt && at < fault.endsAt,
    )
  }

  #begunOn(draw: Draw, day: number): Fault | undefined {
    let known = this.#days.get(day)
    if (known === undefined) {
      const [oldest] = this.#days.keys()
      if (this.#days.size >= keptDays && oldest !== undefined) this.#days.delete(oldest)
      this.#days.set(day, (known = new Map()))
    }
    const fault = known.get(draw.id)
    if (fault !== undefined || known.has(draw.id)) return fault
    const drawn = this.#decide(draw, day)
    known.set(draw.id, drawn)
    return drawn
  }

  #decide({ id, perDay, kinds, shortest, longest }: Draw, day: number): Fault | undefined {
    if (uniform(this.#seed, 'fault', id, day) >= perDay) return undefined
    const kind = kinds[hash(this.#seed, 'kind', id, day) % kinds.length]
    if (kind === undefined) return undefined
    const startedAt = day * dayMs + Math.round(uniform(this.#seed, 'start', id, day) * dayMs)
    const endsAt = startedAt + Math.round(shortest + uniform(this.#seed, 'length', id, day) * (longest - shortest))
    return { kind, startedAt, endsAt, strength: 0.5 + uniform(this.#seed, 'strength', id, day) / 2 }
  }
}
