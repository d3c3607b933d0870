import type { Figures } from './figures.ts'

type Sums = Pick<Figures, 'requests' | 'failures' | 'slows'>

/** What came in within a window of time, from sums that only grow. */
export class Recent {
  readonly #windowMs: number
  #seen: (Sums & { readonly at: number })[]

  /** @param begun milliseconds; from then on the sums grow */
  constructor(windowMs: number, begun: number) {
    this.#windowMs = windowMs
    this.#seen = [{ at: begun, requests: 0, failures: 0, slows: 0 }]
  }

  /** @param at milliseconds; @returns what was added since the look before the window */
  add(at: number, { requests, failures, slows }: Sums): Sums {
    const oldest = at - this.#windowMs
    // Nobody looked meanwhile, as while the host was down: of what came in then it is not known when.
    if ((this.#seen.at(-1)?.at ?? oldest) < oldest) this.#seen = []
    this.#seen.push({ at, requests, failures, slows })
    this.#seen.splice(
      0,
      Math.max(
        0,
        this.#seen.findLastIndex((sums) => sums.at <= oldest),
      ),
    )
    const [first] = this.#seen
    return {
      requests: Math.max(0, requests - (first?.requests ?? 0)),
      failures: Math.max(0, failures - (first?.failures ?? 0)),
      slows: Math.max(0, slows - (first?.slows ?? 0)),
    }
  }
}
