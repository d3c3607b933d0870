import { ApiError, type MachineClient } from '../machine/client.ts'
import type { IncidentCause } from '../server/issues/incident.ts'
import type { Fault } from './faults.ts'
import { uniform } from './random.ts'
import type { World } from './rows.ts'

interface Element {
  readonly id: string
  readonly kind: 'cell' | 'olt'
  readonly site: string
}

/** Network operations know of a fault some minutes after it began, and of most faults, not all. */
const noticedAfterMs = 3 * 60_000
const declaredShare = 0.7
/** Windows of the standing incident that a run before this one may have left open. */
const earlierWindows = 4
const windowMs = 6 * 3_600_000

/** Plays the network operations centre: declares incidents for the faults of cells and OLTs, and ends them. */
export class IncidentDesk {
  readonly #client: MachineClient
  readonly #world: World
  readonly #elements: readonly Element[]
  /** Declared incidents by element. */
  readonly #open = new Map<string, string>()

  constructor(client: MachineClient, world: World) {
    this.#client = client
    this.#world = world
    const elements = new Map<string, Element>()
    for (const { elementId: id, elementKind: kind, site } of world.services) elements.set(id, { id, kind, site })
    this.#elements = [...elements.values()]
  }

  /** Ends what earlier runs may have left open on the elements that have no fault now. */
  async tidy(now: number): Promise<void> {
    for (const element of this.#elements) {
      const fault = this.#world.plan.ofElement(element.id, element.kind, now)
      const standing = fault?.endsAt !== undefined && fault.strength === 1 && fault.startedAt % windowMs === 0
      if (!standing) continue
      for (let back = 1; back <= earlierWindows; back += 1)
        await this.#end(reference(element, fault.startedAt - back * windowMs))
    }
  }

  /** Declares new faults and ends those that are over. */
  async work(now: number): Promise<void> {
    for (const element of this.#elements) {
      const fault = this.#world.plan.ofElement(element.id, element.kind, now)
      const wanted =
        fault !== undefined && this.#isDeclared(element, fault, now) ? reference(element, fault.startedAt) : undefined
      const known = this.#open.get(element.id)
      if (known !== undefined && known !== wanted) {
        await this.#end(known)
        this.#open.delete(element.id)
      }
      if (wanted !== undefined && fault !== undefined && known !== wanted) {
        await this.#declare(element, fault)
        this.#open.set(element.id, wanted)
      }
    }
  }

  #isDeclared(element: Element, fault: Fault, now: number): boolean {
    if (fault.kind !== 'backhaul-loss' && fault.kind !== 'power-failure') return false
    if (now < fault.startedAt + noticedAfterMs) return false
    return fault.strength === 1 || uniform(this.#world.seed, 'declared', element.id, fault.startedAt) < declaredShare
  }

  async #declare(element: Element, fault: Fault): Promise<void> {
    const quarter = 15 * 60_000
    await this.#client.post('POST', '/incidents', {
      region: this.#world.region,
      elementKind: element.kind,
      elementIds: [element.id],
      site: element.site,
      severity: 'critical',
      cause: causeOf(fault),
      startedAt: new Date(fault.startedAt).toISOString(),
      eta: new Date(Math.ceil(fault.endsAt / quarter) * quarter).toISOString(),
      reference: reference(element, fault.startedAt),
      simulated: true,
    })
  }

  async #end(name: string): Promise<void> {
    try {
      await this.#client.post('PATCH', `/incidents/nms:${name}`, { region: this.#world.region, ended: true })
    } catch (error) {
      // Not declared, or ended by a person: both are fine.
      if (!(error instanceof ApiError && (error.status === 404 || error.status === 409))) throw error
    }
  }
}

const reference = (element: Element, startedAt: number): string => `sim-${element.id}-${Math.round(startedAt)}`

/** The light of a line is measured throughout: what fails is behind the OLT, and no fibre is cut. */
function causeOf(fault: Fault): IncidentCause {
  return fault.kind === 'power-failure' ? 'power-failure' : 'backhaul-loss'
}
