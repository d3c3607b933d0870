/** Later than this, who asks again does not want to wait. */
const sameWishMs = 1000
const interrupted = 130

/**
 * Stops when asked to, once: Ctrl-C comes twice, from the terminal and from npm, and the second would end the process in the middle of
 * its work. Exits 0 when all is stopped, 130 when asked again later.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let first: number | undefined
  const asked = () => {
    if (first !== undefined && performance.now() - first > sameWishMs) process.exit(interrupted)
    if (first !== undefined) return
    first = performance.now()
    // What fails here is not caught by anybody else, which ends the process with what it was.
    void stop().then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked)
}
