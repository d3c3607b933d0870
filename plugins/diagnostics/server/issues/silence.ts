import type { RegionId } from '@dcesop/sdk-plugin'
import type { LatestDocument } from '../series/latest.ts'
import type { Stores } from '../stores.ts'
import type { IncidentDocument } from './incident.ts'
import type { Trouble } from './mass-incident.ts'

/** Who fell silent together: one after the other in a day, customers switch their equipment off. */
const togetherMs = 60 * 60_000

/** Services that are silent, by the cell or OLT on which they are. */
type Silent = ReadonlyMap<string, readonly LatestDocument[]>

/**
 * What is cut off or without power does not measure that it is: it falls silent. So does everything when measurements no longer
 * arrive, which is no outage of the network.
 */
export class SilenceWatch {
  readonly #staleMs: number
  /** Since when measurements of a region have arrived without a gap, ms. */
  readonly #heardSince = new Map<RegionId, number>()

  /** @param staleMs a service without a sample for longer than this is silent */
  constructor(staleMs: number) {
    this.#staleMs = staleMs
  }

  /**
   * Services that stopped being heard of together, a short while ago and while others went on; of elements with an open incident,
   * those that did so when it began, also where nothing of the region arrives: they are not back either.
   */
  async look(stores: Stores, open: readonly IncidentDocument[], now: Date): Promise<Map<string, Trouble[]>> {
    const fresh = new Date(now.getTime() - this.#staleMs)
    const since = new Date(fresh.getTime() - togetherMs)
    const silent: Silent = (await this.#goesOn(stores, since, fresh, now))
      ? await silentBetween(stores, since, fresh)
      : new Map()
    const troubles = new Map([...silent].map(([element, states]) => [element, states.map(troubleOf)]))
    for (const { elementIds, startedAt } of open) {
      const [from, to] = [-togetherMs, togetherMs].map((ms) => new Date(startedAt.getTime() + ms)) as [Date, Date]
      const states = await silentBetween(stores, from, to < fresh ? to : fresh, elementIds)
      for (const id of elementIds) troubles.set(id, (states.get(id) ?? []).map(troubleOf))
    }
    return troubles
  }

  /** When most of a region is silent, it is a collector that fails, not cell after cell. */
  async #goesOn(stores: Stores, since: Date, fresh: Date, now: Date): Promise<boolean> {
    if (!(await this.#arrives(stores, now))) return false
    const heard = await stores.latest.countDocuments({ at: { $gte: since } })
    return 2 * (await stores.latest.countDocuments({ at: { $gte: fresh } })) >= heard
  }

  /** Whether measurements have come all the time in which a service can have become silent. */
  async #arrives({ region, latest }: Stores, now: Date): Promise<boolean> {
    const [newest] = await latest.find({}).sort({ at: -1 }).limit(1).project<{ at: Date }>({ at: 1 }).toArray()
    const isHeard = newest !== undefined && now.getTime() - newest.at.getTime() < this.#staleMs / 4
    if (!isHeard) this.#heardSince.delete(region)
    const since = this.#heardSince.get(region) ?? now.getTime()
    if (isHeard) this.#heardSince.set(region, since)
    return isHeard && now.getTime() - since >= this.#staleMs
  }
}

async function silentBetween(stores: Stores, from: Date, to: Date, elements?: readonly string[]): Promise<Silent> {
  const on = elements === undefined ? {} : { elementId: { $in: [...elements] } }
  const states = await stores.latest.find({ ...on, at: { $gte: from, $lt: to } }).toArray()
  return Map.groupBy(states, ({ elementId }) => elementId)
}

function troubleOf({ _id, at, metrics }: LatestDocument): Trouble {
  const simulated = Object.values(metrics).every((state) => state.simulated)
  return { serviceId: _id, startedAt: at, severity: 'critical', simulated }
}
