import type { DesiredStates } from '../journal/desired.ts'
import { wishOf } from '../lifecycle/wish.ts'
import type { TrustState } from './trust-state.ts'

export interface FollowedChannelsDeps {
  readonly desired: Pick<DesiredStates, 'get' | 'all'>
  readonly trust: Pick<TrustState, 'present'>
  /** What is followed where nobody said otherwise. */
  readonly ofInstance: string
}

/** Which channel of the registry each installation follows: a plugin as most regions have it, and as one region does. */
export class FollowedChannels {
  readonly #deps: FollowedChannelsDeps

  constructor(deps: FollowedChannelsDeps) {
    this.#deps = deps
  }

  get ofInstance(): string {
    return this.#deps.ofInstance
  }

  /** Channels of the state that is believed, from the least to the most stable. */
  get known(): readonly string[] {
    const { trust, ofInstance } = this.#deps
    const all = Object.values(trust.present?.snapshot.packages ?? {}).map(({ channels }) => Object.keys(channels))
    // A package leaves out the most stable ones, as long as nothing of it is in them.
    const longest = all.reduce((before, one) => (one.length > before.length ? one : before), [])
    return longest.includes(ofInstance) ? longest : [...longest, ofInstance]
  }

  /** @param region the channel of the rest when it has no state of its own */
  async of(plugin: string, region?: string): Promise<string> {
    const desired = await this.#deps.desired.get(plugin)
    return (desired && wishOf(desired, region).channel) ?? this.ofInstance
  }

  /** Of every plugin that is installed, that of most regions before those of regions with a state of their own. */
  async all(): Promise<ReadonlyMap<string, readonly [string, ...string[]]>> {
    const states = await this.#deps.desired.all()
    return new Map(
      states.map(({ plugin, channel = this.ofInstance, regions = {} }) => {
        const own = Object.values(regions).map((region) => region.channel ?? this.ofInstance)
        return [plugin, [channel, ...own.filter((one) => one !== channel)]]
      }),
    )
  }
}
