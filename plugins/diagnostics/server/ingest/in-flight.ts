/** Counts what is under way per key and refuses what goes beyond the limit of any of the keys. */
export class InFlight {
  readonly #counts = new Map<string, number>()

  /**
   * @param limits how many may be under way at once, by key
   * @returns the function that gives the places back, or undefined when one key is full
   */
  enter(limits: Readonly<Record<string, number>>): (() => void) | undefined {
    const keys = Object.keys(limits)
    if (keys.some((key) => (this.#counts.get(key) ?? 0) >= (limits[key] ?? 0))) return undefined
    for (const key of keys) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      for (const key of keys) this.#leave(key)
    }
  }

  #leave(key: string): void {
    const count = (this.#counts.get(key) ?? 0) - 1
    if (count > 0) this.#counts.set(key, count)
    else this.#counts.delete(key)
  }
}
