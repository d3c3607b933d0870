/** What an open-loop load saw: latency counts from when a request should have been sent, so a stall cannot hide. */
export interface LoadResult {
  readonly sent: number
  readonly failures: readonly string[]
  readonly latenciesMs: readonly number[]
}

/** On a machine that cannot serve as much, more under way would only keep this process from ever getting to anything else. */
const mostUnderWay = 100

/**
 * Sends `perSecond` requests on a fixed schedule until stopped, later where too many are under way. `send` resolves with a complaint,
 * or undefined when all is well.
 */
export function startSteadyLoad(
  perSecond: number,
  send: (index: number) => Promise<string | undefined>,
): { stop(): Promise<LoadResult> } {
  const start = performance.now()
  const pending = new Set<Promise<void>>()
  const failures: string[] = []
  const latenciesMs: number[] = []
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * perSecond)
    while (sent < due && pending.size < mostUnderWay) launch(sent++)
  }, 5)

  function launch(index: number): void {
    const intended = start + ((index + 1) / perSecond) * 1000
    const request = send(index)
      .catch((error: Error) => error.message)
      .then((complaint) => {
        latenciesMs.push(performance.now() - intended)
        if (complaint) failures.push(`#${index}: ${complaint}`)
        pending.delete(request)
      })
    pending.add(request)
  }

  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(pending)
      return { sent, failures, latenciesMs }
    },
  }
}
