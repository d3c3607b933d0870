/** Counts what is under way, and tells when nothing is. */
export class InFlight {
  #count = 0
  readonly #waiters = new Set<() => void>()

  get count(): number {
    return this.#count
  }

  /** @returns leaves; calling it twice counts once */
  enter(): () => void {
    this.#count += 1
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.#count -= 1
      if (this.#count === 0) for (const resolve of this.#waiters) resolve()
    }
  }

  /** @returns false when something was still under way after `limitMs` */
  async empty(limitMs: number): Promise<boolean> {
    if (this.#count === 0) return true
    return new Promise<boolean>((resolve) => {
      const finish = (empty: boolean) => {
        clearTimeout(timer)
        this.#waiters.delete(onEmpty)
        resolve(empty)
      }
      const onEmpty = () => finish(true)
      const timer = setTimeout(() => finish(false), limitMs)
      this.#waiters.add(onEmpty)
    })
  }
}
