/** A request's place among those of its plugin. */
export interface Place {
  /**
   * Whether it may go on; false when it waited too long or left. Undefined when there was not even room to wait, or somebody who had
   * less got it.
   */
  readonly admitted: Promise<boolean | undefined> | boolean | undefined
  /** Gives the place back, or leaves the queue. */
  leave(): void
}

type Called = (admitted: boolean | undefined) => void

/** At most `limit` at once; up to `queue` more wait. Who has many waiting does not keep others from their turn, nor from the queue. */
export class Concurrency {
  readonly #limit: number
  readonly #queue: number
  /** By who waits, whose turn it is next first; of each, in order of arrival. */
  readonly #waiting = new Map<string, Set<Called>>()
  #waitingCount = 0
  #running = 0

  constructor(limit: number, queue: number) {
    this.#limit = limit
    this.#queue = queue
  }

  /** @param who asks @param mostMs how long it may wait */
  enter(who: string, mostMs: number): Place {
    if (this.#running < this.#limit) {
      this.#running += 1
      return { admitted: true, leave: once(() => this.#next()) }
    }
    if (this.#waitingCount >= this.#queue && !this.#makeRoom(who))
      return { admitted: undefined, leave: () => undefined }
    const { promise, resolve } = Promise.withResolvers<boolean | undefined>()
    let inside = false
    const called: Called = (admitted) => {
      clearTimeout(timer)
      this.#remove(who, called)
      inside = admitted === true
      resolve(admitted)
    }
    const timer = setTimeout(called, mostMs, false)
    this.#add(who, called)
    return { admitted: promise, leave: once(() => (inside ? this.#next() : called(false))) }
  }

  /** The place goes to who waits longest of whose turn it is; everybody else comes before their next one. */
  #next(): void {
    const [first] = this.#waiting
    if (!first) return void (this.#running -= 1)
    const [who, calls] = first
    this.#waiting.delete(who)
    this.#waiting.set(who, calls)
    const [longest] = calls
    longest?.(true)
  }

  /** Sends away the last of who has most waiting. @returns false when nobody has more than `who` would have */
  #makeRoom(who: string): boolean {
    let most = (this.#waiting.get(who)?.size ?? 0) + 1
    let last: Called | undefined
    for (const calls of this.#waiting.values()) {
      if (calls.size <= most) continue
      most = calls.size
      last = [...calls].at(-1)
    }
    last?.(undefined)
    return last !== undefined
  }

  #add(who: string, called: Called): void {
    const calls = this.#waiting.get(who) ?? new Set()
    this.#waiting.set(who, calls.add(called))
    this.#waitingCount += 1
  }

  #remove(who: string, called: Called): void {
    const calls = this.#waiting.get(who)
    if (!calls?.delete(called)) return
    this.#waitingCount -= 1
    if (calls.size === 0) this.#waiting.delete(who)
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
