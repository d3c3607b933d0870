import { Problem } from '@dcesop/sdk-plugin'
import pLimit from 'p-limit'
import type { Lease, Leases } from '../../jobs/leases.ts'
import { StaleToken } from '../journal/journal.ts'
import { ReasonedError } from '../journal/reasons.ts'

/** How long a change outlives the host that made it, ms. */
const defaultLeaseMs = 30_000

/** Fencing tokens of the plugins that a change holds. */
export type TokenOf = (plugin: string) => number

/**
 * One transition at a time: a second one of the same plugin is refused, one of another plugin waits, since what one plugin may
 * do depends on which others run. Between nodes the plugin's lease decides, and its token fences the journal.
 */
export class Exclusive {
  readonly #leases: Leases
  readonly #fence: (plugin: string, token: number) => Promise<void>
  readonly #leaseMs: number
  readonly #busy = new Set<string>()
  readonly #oneByOne = pLimit(1)

  /** Plugins whose change ended here without a word on what came of it, as when the database is away: they are to be settled. */
  readonly unsettled = new Set<string>()

  /** @param fence told of each token before the work begins: from then on nothing that an older one writes counts */
  constructor(
    leases: Leases,
    fence: (plugin: string, token: number) => Promise<void> = () => Promise.resolve(),
    leaseMs = defaultLeaseMs,
  ) {
    this.#leases = leases
    this.#fence = fence
    this.#leaseMs = leaseMs
  }

  isBusy(plugin: string): boolean {
    return this.#busy.has(plugin)
  }

  /** @param work gets the fencing token @throws Problem 409 `plugin_busy` */
  run<T>(plugin: string, work: (token: number) => Promise<T>): Promise<T> {
    return this.runAll([plugin], (tokenOf) => work(tokenOf(plugin)))
  }

  /** The host's own tidying: a change that somebody asks for meanwhile waits for it instead of being refused. */
  quietly<T>(plugin: string, work: (token: number) => Promise<T>): Promise<T> {
    return this.quietlyAll([plugin], (tokenOf) => work(tokenOf(plugin)))
  }

  /** The same for several plugins at once. */
  quietlyAll<T>(plugins: readonly string[], work: (tokenOf: TokenOf) => Promise<T>): Promise<T> {
    return this.here(() => this.#leased(plugins, work))
  }

  /** Work on this host's part of a plugin, which other hosts have no say in; changes wait for it. */
  here<T>(work: () => Promise<T>): Promise<T> {
    return this.#oneByOne(work)
  }

  /** A change of several plugins at once. @throws Problem 409 `plugin_busy` when one of them is being changed */
  async runAll<T>(plugins: readonly string[], work: (tokenOf: TokenOf) => Promise<T>): Promise<T> {
    const taken = plugins.find((plugin) => this.#busy.has(plugin))
    if (taken !== undefined) throw busy(taken, 'Another change of it is under way.')
    for (const plugin of plugins) this.#busy.add(plugin)
    try {
      return await this.#oneByOne(() => this.#leased(plugins, work))
    } finally {
      for (const plugin of plugins) this.#busy.delete(plugin)
    }
  }

  async #leased<T>(plugins: readonly string[], work: (tokenOf: TokenOf) => Promise<T>): Promise<T> {
    const held = new Map<string, Lease>()
    let renewal: NodeJS.Timeout | undefined
    try {
      for (const plugin of plugins) {
        const lease = await this.#leases.acquire(`plugin:${plugin}`, this.#leaseMs)
        if (!lease) throw busy(plugin, 'Another node is changing it.')
        held.set(plugin, lease)
        await this.#fence(plugin, lease.token)
      }
      // A migration may take longer than a lease. A renewal that fails is told by the journal: a newer token has written.
      renewal = setInterval(() => {
        for (const lease of held.values()) this.#leases.renew(lease, this.#leaseMs).catch(() => undefined)
      }, this.#leaseMs / 3)
      return await work((plugin) => (held.get(plugin) as Lease).token)
    } catch (error) {
      if (!isSettled(error)) for (const plugin of plugins) this.unsettled.add(plugin)
      if (!(error instanceof StaleToken)) throw error
      throw busy(error.plugin, 'This node stood still for so long that another one has settled the change.')
    } finally {
      clearInterval(renewal)
      // One that cannot be given back runs out; what was done under it is done.
      for (const lease of held.values()) await this.#leases.release(lease).catch(() => undefined)
    }
  }
}

/** A refusal or a failure of the plugin's own, after which everything stands as it is told. */
function isSettled(error: unknown): boolean {
  return error instanceof Problem || error instanceof ReasonedError
}

function busy(plugin: string, why: string): Problem {
  return new Problem(409, 'plugin_busy', `Plugin "${plugin}" cannot be changed now. ${why}`, { retryAfter: 5 })
}
