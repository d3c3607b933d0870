import { type Figures, Meter, sum } from './figures.ts'

const minuteMs = 60_000

/** How far back is looked: whole minutes, the present one among them. */
export const latelyMinutes = 5

/** What came in lately: a meter for each minute, so that the oldest can be left behind. */
export class Lately {
  readonly #now: () => number
  #minutes: { readonly minute: number; readonly meter: Meter }[] = []

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  request(failed: boolean, seconds: number, slow: boolean): void {
    const minute = this.#minute
    const last = this.#minutes.at(-1)
    if (last?.minute === minute) return last.meter.request(failed, seconds, slow)
    const meter = new Meter()
    this.#minutes = [...this.#within(minute), { minute, meter }]
    meter.request(failed, seconds, slow)
  }

  get figures(): Figures {
    return sum(this.#within(this.#minute).map(({ meter }) => meter.figures))
  }

  get #minute(): number {
    return Math.floor(this.#now() / minuteMs)
  }

  #within(present: number) {
    return this.#minutes.filter(({ minute }) => minute > present - latelyMinutes)
  }
}
