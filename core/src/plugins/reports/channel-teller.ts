import type { Clock, Log } from '../../ports.ts'
import type { DesiredState, DesiredStates } from '../journal/desired.ts'
import { Declined, type RegistryHttp } from '../registry/http.ts'
import { Unreachable } from '../registry/unreachable.ts'

export interface ChannelTellerDeps {
  readonly desired: Pick<DesiredStates, 'all'>
  /** Channel that is followed where nobody said otherwise. */
  readonly ofInstance: string
  readonly http: RegistryHttp
  /** The instance's own. */
  readonly token: string
  readonly clock: Clock
  readonly log: Log
}

/** What was understood, or refused for what it says, is said again after this: the registry may have been told otherwise since. */
const againMs = 3_600_000

/** Tells the registry which channels the installations follow, so that its feed for this instance offers what they would take. */
export class ChannelTeller {
  readonly #deps: ChannelTellerDeps
  #said: { readonly text: string; readonly at: number } | undefined

  constructor(deps: ChannelTellerDeps) {
    this.#deps = deps
  }

  /** Once for each change; while the registry is away, again in the next round. */
  async run(): Promise<void> {
    const { desired, ofInstance, http, token, clock, log } = this.#deps
    const installations = (await desired.all()).flatMap((state) => followedOf(state, ofInstance))
    const body = { channel: ofInstance, installations }
    const [text, now] = [JSON.stringify(body), clock.now().getTime()]
    if (this.#said?.text === text && now - this.#said.at < againMs) return
    try {
      await http.json('/-/dcesop/v1/followed-channels', { body, token })
    } catch (error) {
      if (error instanceof Unreachable) return
      if (!(error instanceof Declined)) throw error
      log.warn({ err: error }, 'the registry does not take which channels are followed; its feed goes by what it has')
    }
    this.#said = { text, at: now }
  }
}

/** Where it is not what the registry takes for granted: for a region the plugin's, for a plugin the instance's. */
function followedOf({ plugin, channel, regions = {} }: DesiredState, ofInstance: string) {
  const most = channel ?? ofInstance
  const own = Object.entries(regions).flatMap(([region, { channel: there = ofInstance }]) =>
    there === most ? [] : [{ plugin, region, channel: there }],
  )
  return [...(most === ofInstance ? [] : [{ plugin, channel: most }]), ...own]
}
