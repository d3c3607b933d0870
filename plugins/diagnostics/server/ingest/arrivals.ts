import { followedTo } from '../series/followed.ts'
import type { Stores } from '../stores.ts'

/**
 * When rows come in, which is the order in which they are followed. It never lies before what was followed already: rows that came in
 * after this host's clock was put back, or on a host whose clock is behind another's, would not be followed at all.
 */
export class Arrivals {
  readonly #now: () => Date
  readonly #elapsedMs: () => number
  #last = { at: 0, elapsed: 0 }

  /** @param elapsedMs milliseconds that only go forward */
  constructor(now: () => Date, elapsedMs = () => performance.now()) {
    this.#now = now
    this.#elapsedMs = elapsedMs
  }

  async next(stores: Stores): Promise<Date> {
    const followed = await followedTo(stores)
    const [said, elapsed] = [this.#now().getTime(), this.#elapsedMs()]
    const goesOn = this.#last.at + (elapsed - this.#last.elapsed)
    const at = Math.max(said, followed, said < this.#last.at ? goesOn : 0)
    this.#last = { at, elapsed }
    return new Date(at)
  }
}
