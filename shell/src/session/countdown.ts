export interface CountdownOptions {
  /** How long before the end the person is asked, in ms. */
  readonly warnBeforeMs: number
  /** Wall clock in ms: it goes on while the computer sleeps, which timers do not. */
  now(): number
  /** The end is near. May be called again after `extendTo`. */
  onWarning(remainingMs: number): void
  onEnd(): void
}

/** Counts down to the end of the session as the server told it; knows nothing of requests or screens. */
export interface Countdown {
  /** The server says that the session has this long to live. */
  extendTo(remainingMs: number): void
  remainingMs(): number
  /** Looks at the clock at once, for example when a sleeping tab becomes visible. */
  check(): void
  stop(): void
}

/** The longest that a browser's timer can wait; a longer wait would end at once. */
const longestWaitMs = 2 ** 31 - 1

export function createCountdown({ warnBeforeMs, now, onWarning, onEnd }: CountdownOptions): Countdown {
  let deadline: number | undefined
  let warned = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const remainingMs = () => (deadline === undefined ? 0 : Math.max(0, deadline - now()))

  function check(): void {
    clearTimeout(timer)
    if (deadline === undefined) return
    const left = remainingMs()
    if (left === 0) {
      deadline = undefined
      onEnd()
      return
    }
    timer = setTimeout(check, Math.min(longestWaitMs, left > warnBeforeMs ? left - warnBeforeMs : left))
    if (left <= warnBeforeMs && !warned) {
      warned = true
      onWarning(left)
    }
  }

  return {
    remainingMs,
    check,
    extendTo(milliseconds) {
      deadline = now() + milliseconds
      warned = false
      check()
    },
    stop() {
      deadline = undefined
      clearTimeout(timer)
    },
  }
}
