import { Problem } from '@dcesop/sdk-plugin'
import type { Snapshot } from '@dcesop/sdk-plugin/signing'
import semver from 'semver'
import { isDeepStrictEqual } from 'node:util'
import type { AuditPort } from '../../ports.ts'
import type { DesiredState, VersionWish } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { Operations } from '../lifecycle/operations.ts'
import { generationOf, keyOf, sameGeneration } from '../lifecycle/lookup.ts'
import { wantedIn } from '../lifecycle/lanes.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { isIn, wishOf } from '../lifecycle/wish.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { offeredVersions } from './offered.ts'
import type { Registry } from './registry.ts'
import { isOpen, nameOf, type Place, type WaitingHere, type WaitingVersions } from './waiting-versions.ts'

export interface FollowerDeps {
  readonly parts: LifecycleParts
  readonly operations: Operations
  readonly registry: Registry | undefined
  readonly waiting: WaitingVersions
  readonly audit: AuditPort
}

/** One place in which a version is wanted, as it was when a round began. */
interface Followed {
  readonly place: Place
  readonly current: GenerationKey
  readonly wish: VersionWish
}

const actor = { subject: 'plugin-host', kind: 'system' } as const

/** Takes plugins to the newest version of the range that somebody wants of them, where the channel that they follow has one. */
export class RangeFollower {
  readonly #deps: FollowerDeps

  constructor(deps: FollowerDeps) {
    this.#deps = deps
  }

  /** One round over everything that is wanted in a range. */
  async run(): Promise<void> {
    const { parts, registry, waiting } = this.#deps
    if (!registry) return
    const told = new Map((await waiting.all()).map((one) => [nameOf(one), one]))
    const installed = await parts.desired.all()
    for (const desired of installed) {
      if (!desired.enabled || desired.pending || desired.removing) continue
      for (const region of [undefined, ...Object.keys(desired.regions ?? {})]) {
        const place = { plugin: desired.plugin, region }
        const followed = followedAt(desired, region)
        if (followed) await this.#follow(registry, followed, told.get(nameOf(place)))
      }
    }
    const gone = [...told.values()].filter(({ plugin, region }) => {
      const desired = installed.find((one) => one.plugin === plugin)
      return !desired || (region !== undefined && !desired.regions?.[region])
    })
    for (const place of gone) await waiting.forget(place)
  }

  async #follow(registry: Registry, followed: Followed, told: WaitingHere | undefined): Promise<void> {
    const { place } = followed
    const { waiting } = this.#deps
    const snapshot = registry.client.trust.present?.snapshot
    const offered = snapshot ? newerOf(snapshot, registry, followed) : []
    const version = await this.#untried(followed.current, offered)
    if (version === undefined) {
      // What did not start is told for as long as it can be had; a state before the one by which it was told says nothing of it.
      const known = told && (offered.includes(told.version) || (snapshot?.number ?? 0) < told.snapshot)
      if (told && !(known && isOpen(told, followed.wish, followed.current))) await waiting.forget(place)
      return
    }
    try {
      await this.#go(registry, followed, version)
      if (told) await waiting.forget(place)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // It is being changed or was, here or on another host: it is met again in the next round.
      if (error.code === 'plugin_busy' || !(await this.#isAsBefore(followed))) return
      await this.#wait(followed, { version, snapshot: snapshot?.number ?? 0 }, error)
    }
  }

  async #isAsBefore({ place, current, wish }: Followed): Promise<boolean> {
    const desired = await this.#deps.parts.desired.get(place.plugin)
    if (!desired || desired.pending) return false
    const now = followedAt(desired, place.region)
    return now !== undefined && sameGeneration(now.current, current) && isDeepStrictEqual(now.wish, wish)
  }

  /** The newest of them that has not failed with the settings of now. @param offered newest first */
  async #untried(current: GenerationKey, offered: readonly string[]): Promise<string | undefined> {
    for (const version of offered) {
      const entry = await this.#deps.parts.catalogue.find(current.plugin, version)
      if (!entry || !(await this.#failed(current, entry))) return version
    }
    return undefined
  }

  async #failed(current: GenerationKey, entry: CatalogueEntry): Promise<boolean> {
    const { parts } = this.#deps
    const settings = await parts.settings.of(current)
    try {
      const state = await parts.journal.state(generationOf(parts, entry, settings))
      return state === 'FAILED' || state === 'REJECTED' || state === 'QUARANTINED'
    } catch (error) {
      // Settings that do not fit it are told when it is asked for.
      if (error instanceof Problem) return false
      throw error
    }
  }

  async #go(registry: Registry, { place, current, wish }: Followed, version: string): Promise<void> {
    const { operations, audit } = this.#deps
    const { plugin, region } = place
    const start = () =>
      region === undefined
        ? operations.upgrade(plugin, { version })
        : operations.inRegion.upgrade(plugin, region, version)
    const channel = wish.channel ?? registry.settings.channel
    const put = await registry.installer.change({ verb: 'upgrade', plugin, version, channel, with: [], start })
    // Another host was faster.
    if (put.length === 0) return
    const evidence = JSON.stringify(put.map((entry) => entry.evidence))
    const details = { version, from: current.version, range: wish.range ?? '', channel, evidence }
    await audit.append({ action: 'plugin.upgrade', outcome: 'allowed', actor, ...recorded(place), details })
  }

  /** Told once, also in the audit: nothing changes until somebody does something. */
  async #wait({ place }: Followed, what: { version: string; snapshot: number }, error: Problem): Promise<void> {
    const { code, detail, options } = error
    const { waiting, audit } = this.#deps
    if (!(await waiting.note({ ...place, ...what, code, detail, extensions: options.extensions ?? {} }))) return
    const details = { version: what.version, detail }
    await audit.append({
      action: 'plugin.upgrade',
      outcome: 'failed',
      actor,
      reason: code,
      ...recorded(place),
      details,
    })
  }
}

const recorded = ({ plugin, region }: Place) => ({ resource: plugin, ...(region === undefined ? {} : { region }) })

function followedAt(desired: DesiredState, region: string | undefined): Followed | undefined {
  const { plugin } = desired
  const current = region === undefined ? keyOf(desired) : wantedIn(desired, region)
  const place = region === undefined ? { plugin } : { plugin, region }
  return current && { place, current, wish: wishOf(desired, region) }
}

/** Versions that are wanted and may be had here, newest first. */
function newerOf(snapshot: Snapshot, { settings }: Registry, { current, wish }: Followed): string[] {
  const { range, skipped, pinned, channel = settings.channel } = wish
  if (range === undefined || pinned) return []
  const audience = { regions: settings.regions, channels: [channel] }
  const versions = offeredVersions(snapshot, () => audience, [])
    .filter(({ plugin, barrier }) => plugin === current.plugin && barrier === null)
    .map(({ version }) => version)
    .filter((version) => isIn(version, range, channel === 'next') && semver.gt(version, current.version))
    .filter((version) => skipped === undefined || semver.gt(version, skipped))
  return semver.rsort(versions)
}
