/** At most `limit` at once; up to `queue` more wait in order of arrival. */
export class Concurrency {
  readonly #limit: number
  readonly #queue: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limit: number, queue: number) {
    this.#limit = limit
    this.#queue = queue
  }

  /** Resolves with the function that gives the place back, undefined when the queue is full too. */
  async enter(): Promise<(() => void) | undefined> {
    if (this.#running >= this.#limit) {
      if (this.#waiting.length >= this.#queue) return undefined
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else this.#running += 1
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
