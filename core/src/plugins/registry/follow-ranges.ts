import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import type { AuditPort } from '../../ports.ts'
import type { DesiredState, VersionWish } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { Operations } from '../lifecycle/operations.ts'
import { generationOf } from '../lifecycle/lookup.ts'
import { wantedIn } from '../lifecycle/lanes.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { isIn, wishOf } from '../lifecycle/wish.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { InstallWish } from './installer.ts'
import { offeredVersions } from './offered.ts'
import type { Registry } from './registry.ts'

/** A newer version of a range to which the host does not go by itself, by the code of what is in the way. */
export interface Waiting {
  readonly version: string
  readonly code: string
  readonly detail: string
  /** Those of the problem, for a text in the reader's language. */
  readonly extensions: Readonly<Record<string, unknown>>
}

export interface FollowerDeps {
  readonly parts: LifecycleParts
  readonly operations: Operations
  readonly registry: Registry | undefined
  readonly audit: AuditPort
}

const actor = { subject: 'plugin-host', kind: 'system' } as const

/** Takes plugins to the newest version of the range that somebody wants of them, where the registry's channel has one. */
export class RangeFollower {
  readonly #deps: FollowerDeps
  /** By plugin, or plugin and region. */
  readonly #waiting = new Map<string, Waiting>()

  constructor(deps: FollowerDeps) {
    this.#deps = deps
  }

  /** What a range does not come to; undefined when it has the newest. */
  waiting(plugin: string, region?: string): Waiting | undefined {
    return this.#waiting.get(nameOf(plugin, region))
  }

  /** One round over everything that is wanted in a range. */
  async run(): Promise<void> {
    if (!this.#deps.registry) return
    for (const desired of await this.#deps.parts.desired.all()) {
      if (!desired.enabled || desired.pending || desired.removing) continue
      await this.#follow(desired, undefined)
      for (const region of Object.keys(desired.regions ?? {})) await this.#follow(desired, region)
    }
  }

  async #follow(desired: DesiredState, region: string | undefined): Promise<void> {
    const { plugin } = desired
    const wish = wishOf(desired, region)
    const current = region === undefined ? desired : wantedIn(desired, region)
    const version = current && (await this.#newest(current, wish))
    if (!current || version === undefined) return this.#settle(nameOf(plugin, region), current, wish)
    try {
      await this.#go(current, version, wish, region)
      this.#waiting.delete(nameOf(plugin, region))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // It is being changed, here or on another host: it is met again in the next round.
      if (error.code !== 'plugin_busy') await this.#wait(current, version, region, error)
    }
  }

  /** Nothing is to be tried. What did not start is still told, for as long as it is wanted. */
  #settle(name: string, current: GenerationKey | undefined, { range, pinned }: VersionWish): void {
    const told = this.#waiting.get(name)?.version
    const isWanted = told !== undefined && range !== undefined && !pinned && isIn(told, range)
    if (!isWanted || !current || !semver.gt(told, current.version)) this.#waiting.delete(name)
  }

  /** The newest that is wanted, may be had here, and has not failed with the settings of now. */
  async #newest(current: GenerationKey, { range, skipped, pinned }: VersionWish): Promise<string | undefined> {
    const { registry, parts } = this.#deps
    const snapshot = registry?.client.trust.present?.snapshot
    if (!snapshot || range === undefined || pinned) return undefined
    const { settings } = registry
    const newer = offeredVersions(snapshot, settings, [])
      .filter(({ plugin, barrier }) => plugin === current.plugin && barrier === null)
      .map(({ version }) => version)
      .filter((version) => isIn(version, range, settings.channel === 'next') && semver.gt(version, current.version))
      .filter((version) => skipped === undefined || semver.gt(version, skipped))
    for (const version of semver.rsort(newer)) {
      const entry = await parts.catalogue.find(current.plugin, version)
      if (!entry) return version
      if (!(await this.#failed(current, entry))) return version
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

  async #go(
    { plugin, version: from }: GenerationKey,
    version: string,
    { range = '' }: VersionWish,
    region: string | undefined,
  ): Promise<void> {
    const { operations, registry, audit } = this.#deps
    const start = () =>
      region === undefined
        ? operations.upgrade(plugin, { version })
        : operations.inRegion.upgrade(plugin, region, version)
    const wish: InstallWish = { verb: 'upgrade', plugin, version, with: [], start }
    const put = await registry?.installer.change(wish)
    const evidence = JSON.stringify(put?.map((entry) => entry.evidence) ?? [])
    const details = { version, from, range, evidence }
    const where = region === undefined ? {} : { region }
    await audit.append({ action: 'plugin.upgrade', resource: plugin, outcome: 'allowed', actor, ...where, details })
  }

  /** Told once, also in the audit: nothing changes until somebody does something. */
  async #wait({ plugin }: GenerationKey, version: string, region: string | undefined, error: Problem): Promise<void> {
    const before = this.waiting(plugin, region)
    const { code, detail } = error
    this.#waiting.set(nameOf(plugin, region), { version, code, detail, extensions: error.options.extensions ?? {} })
    if (before?.version === version && before.code === code) return
    const where = region === undefined ? {} : { region }
    const details = { version, detail }
    const record = {
      action: 'plugin.upgrade',
      resource: plugin,
      outcome: 'failed',
      actor,
      reason: code,
      details,
    } as const
    await this.#deps.audit.append({ ...record, ...where })
  }
}

const nameOf = (plugin: string, region?: string): string => (region === undefined ? plugin : `${plugin}/${region}`)
