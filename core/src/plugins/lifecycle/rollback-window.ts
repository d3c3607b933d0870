import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { because } from '../journal/reasons.ts'
import { isolatedStep } from '../migrations/isolated-step.ts'
import { contract, migrationNames } from '../migrations/migrate.ts'
import { dataIn } from '../generation/ports-in.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import type { Exclusive } from './exclusive.ts'
import { mainRegions, ownVersions } from './lanes.ts'
import type { LifecycleParts } from './parts.ts'
import type { Serving } from './serving.ts'
import type { Slot } from './slot.ts'

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const defaultMs = 24 * units.h

/** How long after an upgrade to this version the one before is kept, ms. */
export function windowMs({ lifecycle }: Pick<PluginManifest, 'lifecycle'>): number {
  const window = lifecycle?.rollbackWindow
  return window === undefined ? defaultMs : Number(window.slice(0, -1)) * units[window.slice(-1) as keyof typeof units]
}

/** When the generation before an upgrade is given up; undefined when there is none. */
export function windowEnd({ previous, rollbackUntil, since }: DesiredState): Date | undefined {
  return previous && (rollbackUntil ?? new Date(since.getTime() + defaultMs))
}

/** Retires what nobody can go back to any more, then lets migrations take away what only that needed. */
export class RollbackWindows {
  readonly #parts: LifecycleParts
  readonly #exclusive: Exclusive
  /** Generations, with the one before, for which nothing is left to take away. */
  readonly #settled = new Set<string>()

  constructor(parts: LifecycleParts, exclusive: Exclusive) {
    this.#parts = parts
    this.#exclusive = exclusive
  }

  async endThoseOver(): Promise<void> {
    for (const slot of this.#parts.slots.values()) {
      if (this.#exclusive.isBusy(slot.id)) continue
      try {
        const desired = await this.#parts.desired.get(slot.id)
        if (desired && withoutOverdue(desired, this.#parts.clock.now()).retired.length > 0)
          await this.#exclusive.quietly(slot.id, (token) => this.#retire(slot.id, token))
        for (const lane of await this.#lanes(slot)) await this.#contractDue(slot, lane)
      } catch (error) {
        this.#parts.log.error(
          { err: error, plugin: slot.id },
          'the version before could not be put away; it is tried again',
        )
      }
    }
  }

  async #retire(plugin: string, token: number): Promise<void> {
    const desired = await this.#parts.desired.get(plugin)
    if (!desired) return
    const { next, retired } = withoutOverdue(desired, this.#parts.clock.now())
    for (const key of retired)
      if ((await this.#parts.journal.state(key)) === 'STOPPED')
        await this.#parts.journal.append(key, 'RETIRED', token, because('window_over'))
    await this.#parts.desired.put(next, token)
  }

  /** What serves where, with what may come back there; nothing while a change is under way. */
  async #lanes(slot: Slot): Promise<Lane[]> {
    const desired = await this.#parts.desired.get(slot.id)
    if (!desired || desired.pending || !desired.enabled) return []
    const served = (serving: Serving | undefined, { digest }: GenerationKey) =>
      serving?.generation.key.digest === digest ? serving.generation.opened : undefined
    const main = {
      opened: served(slot.main, desired),
      regions: mainRegions(this.#parts, desired),
      previous: desired.previous,
    }
    const own = ownVersions(desired).map(({ region, key }) => ({
      opened: served(slot.servingIn(region), key),
      regions: [region],
      previous: desired.regions?.[region]?.previous,
    }))
    return [main, ...own].flatMap(({ opened, ...lane }) => (opened ? [{ opened, ...lane }] : []))
  }

  async #contractDue(slot: Slot, lane: Lane): Promise<void> {
    const { opened, regions, previous } = lane
    const settled = nameOf(lane)
    if (migrationNames(opened).size === 0 || this.#settled.has(settled)) return
    await this.#exclusive.quietly(slot.id, async () => {
      // A change may have come first.
      if (!(await this.#lanes(slot)).some((now) => nameOf(now) === settled)) return
      const before = previous && (await open(this.#parts, previous.digest))
      const kept = previous ? [before ? migrationNames(before) : new Set<string>()] : []
      await contract(opened, kept, {
        data: dataIn(this.#parts.ports.data, regions),
        clock: this.#parts.clock,
        isolated: isolatedStep(this.#parts.ports, this.#parts.container, opened),
      })
      this.#settled.add(settled)
    })
  }
}

function nameOf({ opened, previous, regions }: Lane): string {
  return `${opened.digest} ${previous?.digest} ${regions.join()}`
}

/** What serves in some regions. */
interface Lane {
  readonly opened: OpenedPackage
  readonly regions: readonly string[]
  readonly previous: GenerationKey | undefined
}

async function open(parts: LifecycleParts, digest: string): Promise<OpenedPackage | undefined> {
  const entry = await parts.catalogue.byDigest(digest)
  return entry && parts.store.open(entry.digest, entry.listHash)
}

/** The desired state without the versions whose window is over, and these. */
function withoutOverdue(desired: DesiredState, now: Date): { next: DesiredState; retired: GenerationKey[] } {
  const isOver = (end: Date | undefined) => end !== undefined && !desired.pending && end.getTime() <= now.getTime()
  const retired: GenerationKey[] = []
  const { regions } = desired
  let next = desired
  if (desired.previous && isOver(windowEnd(desired))) {
    retired.push(desired.previous)
    const { previous: _, rollbackUntil: __, ...rest } = next
    next = rest
  }
  for (const [region, own] of Object.entries(regions ?? {})) {
    if (!own.previous || !isOver(own.rollbackUntil)) continue
    retired.push(own.previous)
    const { previous: _, rollbackUntil: __, ...rest } = own
    next = { ...next, regions: { ...next.regions, [region]: rest } }
  }
  return { next, retired }
}
