import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { contract, migrationNames } from '../migrations/migrate.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const defaultMs = 24 * units.h

/** How long after an upgrade to this version the one before is kept, ms. */
export function windowMs({ lifecycle }: PluginManifest): number {
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
    for (const { id } of this.#parts.slots.values()) {
      if (this.#exclusive.isBusy(id)) continue
      try {
        const desired = await this.#parts.desired.get(id)
        if (desired && isOver(desired, this.#parts.clock.now()))
          await this.#exclusive.run(id, (token) => this.#retirePrevious(id, token))
        await this.#contractDue(id)
      } catch (error) {
        this.#parts.log.error({ err: error, plugin: id }, 'the version before could not be put away; it is tried again')
      }
    }
  }

  async #retirePrevious(plugin: string, token: number): Promise<void> {
    const desired = await this.#parts.desired.get(plugin)
    if (!desired?.previous || !isOver(desired, this.#parts.clock.now())) return
    const { previous, rollbackUntil: _, ...rest } = desired
    if ((await this.#parts.journal.state(previous)) === 'STOPPED')
      await this.#parts.journal.append(previous, 'RETIRED', token, 'the rollback window is over')
    await this.#parts.desired.put(rest)
  }

  /** A change under way keeps its version before, so nothing is taken away then. */
  async #contractDue(plugin: string): Promise<void> {
    const opened = this.#parts.slots.get(plugin)?.active?.opened
    if (!opened || migrationNames(opened).size === 0) return
    const desired = await this.#parts.desired.get(plugin)
    const settled = `${opened.digest} ${desired?.previous?.digest}`
    if (!desired || desired.pending || desired.digest !== opened.digest || this.#settled.has(settled)) return
    await this.#exclusive.run(plugin, async () => {
      const now = await this.#parts.desired.get(plugin)
      if (!now || now.pending || `${now.digest} ${now.previous?.digest}` !== settled) return
      const before = now.previous && (await open(this.#parts, now.previous.digest))
      const kept = now.previous ? [before ? migrationNames(before) : new Set<string>()] : []
      await contract(opened, kept, { data: this.#parts.ports.data, clock: this.#parts.clock })
      this.#settled.add(settled)
    })
  }
}

async function open(parts: LifecycleParts, digest: string): Promise<OpenedPackage | undefined> {
  const entry = await parts.catalogue.byDigest(digest)
  return entry && parts.store.open(entry.digest, entry.listHash)
}

function isOver(desired: DesiredState, now: Date): boolean {
  const end = windowEnd(desired)
  return end !== undefined && !desired.pending && end.getTime() <= now.getTime()
}
