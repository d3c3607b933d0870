/** Later than this, who asks again does not want to wait. */
const sameWishMs = 1000
const interrupted = 130

/**
 * Stops when asked to, once: Ctrl-C comes twice, from the terminal and from npm, and the second would end the process in the middle of
 * its work. Exits 0 when all is stopped, 1 with the error when that fails, and 130 when asked again later.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let first: number | undefined
  const asked = () => {
    if (first !== undefined && performance.now() - first > sameWishMs) process.exit(interrupted)
    if (first !== undefined) return
    first = performance.now()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, asked)
}
