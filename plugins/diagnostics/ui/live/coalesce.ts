/** Hands over what came in, the first at once and then at most once per interval; nothing is lost while paused. */
export interface Coalescer<T> {
  push(item: T): void
  pause(): void
  resume(): void
  /** Items that wait. */
  readonly waiting: number
  dispose(): void
}

export function createCoalescer<T>(intervalMs: number, flush: (items: T[]) => void): Coalescer<T> {
  let items: T[] = []
  let paused = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function hand(): void {
    timer = undefined
    if (paused || items.length === 0) return
    flush(items.splice(0))
    timer = setTimeout(hand, intervalMs)
  }

  return {
    push(item) {
      items.push(item)
      if (timer === undefined) hand()
    },
    pause: () => void (paused = true),
    resume() {
      paused = false
      if (timer === undefined) hand()
    },
    get waiting() {
      return items.length
    },
    dispose() {
      clearTimeout(timer)
      items = []
      paused = true
    },
  }
}
