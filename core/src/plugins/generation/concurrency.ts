/** A request's place among those of its plugin. */
export interface Place {
  /** Whether it may go on; false when it waited too long or left. Undefined when there was not even room to wait. */
  readonly admitted: Promise<boolean> | boolean | undefined
  /** Gives the place back, or leaves the queue. */
  leave(): void
}

/** At most `limit` at once; up to `queue` more wait in order of arrival. */
export class Concurrency {
  readonly #limit: number
  readonly #queue: number
  readonly #waiting = new Set<(admitted: boolean) => void>()
  #running = 0

  constructor(limit: number, queue: number) {
    this.#limit = limit
    this.#queue = queue
  }

  /** @param mostMs how long it may wait */
  enter(mostMs: number): Place {
    if (this.#running < this.#limit) {
      this.#running += 1
      return { admitted: true, leave: once(() => this.#next()) }
    }
    if (this.#waiting.size >= this.#queue) return { admitted: undefined, leave: () => undefined }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    let inside = false
    const called = (admitted: boolean) => {
      clearTimeout(timer)
      this.#waiting.delete(called)
      inside = admitted
      resolve(admitted)
    }
    const timer = setTimeout(called, mostMs, false)
    this.#waiting.add(called)
    return { admitted: promise, leave: once(() => (inside ? this.#next() : called(false))) }
  }

  /** The place goes to who waits longest. */
  #next(): void {
    const [first] = this.#waiting
    if (first) first(true)
    else this.#running -= 1
  }
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}
