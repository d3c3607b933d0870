import { Problem } from '@dcesop/sdk-plugin'
import type { Leases } from '../../jobs/leases.ts'

const leaseMs = 120_000

/**
 * One transition at a time: a second one of the same plugin is refused, one of another plugin waits, since what one plugin may
 * do depends on which others run. Between nodes the plugin's lease decides, and its token fences the journal.
 */
export class Exclusive {
  readonly #leases: Leases
  readonly #busy = new Set<string>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(leases: Leases) {
    this.#leases = leases
  }

  isBusy(plugin: string): boolean {
    return this.#busy.has(plugin)
  }

  /** @param work gets the fencing token @throws Problem 409 `plugin_busy` */
  async run<T>(plugin: string, work: (token: number) => Promise<T>): Promise<T> {
    if (this.#busy.has(plugin)) throw busy(plugin, 'Another change of it is under way.')
    this.#busy.add(plugin)
    const turn = this.#last.then(() => this.#leased(plugin, work))
    this.#last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#busy.delete(plugin)
    }
  }

  async #leased<T>(plugin: string, work: (token: number) => Promise<T>): Promise<T> {
    const lease = await this.#leases.acquire(`plugin:${plugin}`, leaseMs)
    if (!lease) throw busy(plugin, 'Another node is changing it.')
    try {
      return await work(lease.token)
    } finally {
      await this.#leases.release(lease)
    }
  }
}

function busy(plugin: string, why: string): Problem {
  return new Problem(409, 'plugin_busy', `Plugin "${plugin}" cannot be changed now. ${why}`, { retryAfter: 5 })
}
