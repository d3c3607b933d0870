import type { CatalogueState, CatalogueVersion } from '../catalogue/catalogue.ts'
import { type Barrier, type Candidate, Candidates } from './candidates.ts'

export interface Audience {
  readonly regions: readonly string[]
  readonly channel: string
  /** By plugin, the channel of those that follow another one. */
  readonly others?: ReadonlyMap<string, string>
}

const mostAudiences = 32

/** What the catalogue offers to instances, made once for each state, regions and channels. */
export class Offered {
  readonly #channels: readonly string[]
  #state: CatalogueState['packages'] | undefined
  readonly #made = new Map<string, Candidates>()

  /** @param channels from the least to the most stable */
  constructor(channels: readonly string[]) {
    this.#channels = channels
  }

  to(audience: Audience, { packages }: CatalogueState): Candidates {
    if (this.#state !== packages || this.#made.size >= mostAudiences) this.#made.clear()
    this.#state = packages
    const others = [...(audience.others ?? [])].toSorted()
    const key = JSON.stringify([audience.regions.toSorted(), audience.channel, others])
    const made = this.#made.get(key) ?? new Candidates(this.#candidates(audience, packages))
    this.#made.set(key, made)
    return made
  }

  *#candidates(audience: Audience, packages: CatalogueState['packages']): Generator<Candidate> {
    for (const versions of packages.values())
      for (const version of versions) {
        if (!version.manifest) continue
        yield {
          plugin: version.manifest.id,
          version: version.version,
          manifest: version.manifest,
          barred: this.#barrier(version, audience),
          expelled: version.yank?.class === 'security' || version.yank?.class === 'legal',
        }
      }
  }

  /** Why a version is not offered; a plugin that nobody approved is nobody's provider, whatever it says that it provides. */
  #barrier({ yank, governance, manifest }: CatalogueVersion, { regions, ...followed }: Audience): Barrier | undefined {
    if (yank) return { code: 'barred_yanked', kind: yank.class, why: yank.reason }
    if (governance.flags.length > 0) return { code: 'barred_flagged', flags: governance.flags }
    const channel = followed.others?.get(manifest?.id ?? '') ?? followed.channel
    if (this.#channels.indexOf(governance.channel) < this.#channels.indexOf(channel))
      return { code: 'barred_channel', channel: governance.channel, wanted: channel }
    const { allow, deny = [] } = manifest?.regions ?? {}
    const unmeant = regions.find((region) => deny.includes(region) || allow?.includes(region) === false)
    if (unmeant !== undefined) return { code: 'barred_excluded', region: unmeant }
    const open = regions.find(
      (region) => !governance.regions.some((one) => one.region === region && one.state === 'approved'),
    )
    return open === undefined ? undefined : { code: 'barred_unapproved', region: open }
  }
}
