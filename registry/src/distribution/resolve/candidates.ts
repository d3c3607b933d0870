import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import { type Choices, choicesOf, has } from './term.ts'

/** Why nobody may choose a version: the code of the reason, and what it is about besides the version. */
export type Barrier =
  | { readonly code: 'barred_yanked'; readonly kind: string; readonly why: string }
  | { readonly code: 'barred_flagged'; readonly flags: readonly string[] }
  | { readonly code: 'barred_channel'; readonly channel: string; readonly wanted: string }
  | { readonly code: 'barred_excluded' | 'barred_unapproved'; readonly region: string }

/** A version that could be chosen. */
export interface Candidate {
  readonly plugin: string
  readonly version: string
  readonly manifest: PluginManifest
  /** Why nobody may choose it, for example that it is yanked. */
  readonly barred: Barrier | undefined
  /** Whether not even those who have it may keep it. */
  readonly expelled?: boolean
}

/** A plugin with its versions, newest first. */
export interface PluginChoices {
  readonly plugin: string
  readonly versions: readonly Candidate[]
}

const mostRemembered = 200_000

/** All candidates, by plugin and by the capability that they provide; made once for many questions. */
export class Candidates {
  readonly #plugins = new Map<string, PluginChoices>()
  readonly #providers = new Map<string, string[]>()
  readonly #isInRange = new Map<string, boolean>()

  constructor(candidates: Iterable<Candidate>) {
    for (const [plugin, versions] of Map.groupBy(candidates, (candidate) => candidate.plugin)) {
      const sorted = versions.toSorted((left, right) => semver.rcompare(left.version, right.version))
      this.#plugins.set(plugin, { plugin, versions: sorted })
      const provided = new Set(sorted.flatMap(({ manifest }) => Object.keys(manifest.provides ?? {})))
      for (const capability of provided)
        this.#providers.set(capability, [...(this.#providers.get(capability) ?? []), plugin])
    }
    for (const providers of this.#providers.values()) providers.sort()
  }

  all(): Iterable<PluginChoices> {
    return this.#plugins.values()
  }

  find(plugin: string): PluginChoices | undefined {
    return this.#plugins.get(plugin)
  }

  /** Plugins of which any version provides it, by id. */
  providers(capability: string): readonly string[] {
    return this.#providers.get(capability) ?? []
  }

  /** Versions of a plugin that are in a range. */
  within(plugin: string, range: string): Choices {
    return this.#those(plugin, ({ version }) => this.#isIn(version, range))
  }

  /** Versions of a plugin that provide a capability in a version that is in a range. */
  providing(plugin: string, capability: string, range: string): Choices {
    return this.#those(plugin, ({ manifest }) => {
      const provided = manifest.provides?.[capability]
      return typeof provided === 'string' && this.#isIn(provided, range)
    })
  }

  /** The versions that choices of a plugin are. */
  numbers(plugin: string, choices: Choices): string[] {
    const { versions } = this.find(plugin) ?? { versions: [] }
    return versions.filter((_, index) => has(choices, index)).map(({ version }) => version)
  }

  #those(plugin: string, chosen: (candidate: Candidate) => boolean): Choices {
    const { versions } = this.find(plugin) ?? { versions: [] }
    return choicesOf(versions.flatMap((candidate, index) => (chosen(candidate) ? [index] : [])))
  }

  /** Whether a version is in a range. Prereleases are kept apart by channels, not by ranges. */
  #isIn(version: string, range: string): boolean {
    if (range === '*') return true
    const key = `${version} ${range}`
    const known = this.#isInRange.get(key)
    if (known !== undefined) return known
    // Ranges come from whoever asks, too.
    if (this.#isInRange.size >= mostRemembered) this.#isInRange.clear()
    const result = semver.satisfies(version, range, { includePrerelease: true })
    this.#isInRange.set(key, result)
    return result
  }
}
