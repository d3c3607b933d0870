import { uniform } from './random.ts'
import type { SimulatedService } from './service.ts'

/** How often a service is measured: watched by somebody, in trouble, in trouble for long, or as all. */
const paceMs = { focused: 2_000, affected: 30_000, lasting: 5 * 60_000, background: 15 * 60_000 } as const
export type PaceName = keyof typeof paceMs

/** Remembers when each service was measured and says which are due. */
export class Pace {
  readonly #last = new Map<string, number>()

  /** Spreads the first measurements over one background interval. */
  constructor(seed: string, services: readonly SimulatedService[], now: number) {
    for (const { serviceId } of services)
      this.#last.set(serviceId, now - uniform(seed, 'phase', serviceId) * paceMs.background)
  }

  /** Marks the service as measured when it is due at the given pace. */
  take(serviceId: string, pace: PaceName, now: number): boolean {
    const last = this.#last.get(serviceId) ?? 0
    if (now - last < paceMs[pace]) return false
    this.#last.set(serviceId, now)
    return true
  }
}
