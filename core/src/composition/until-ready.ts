import type { Log } from '../ports.ts'

const everyMs = 200
const complainAfterMs = 30_000

/** Resolves when `/readyz` answers 200 over the network, as anyone would see it; says why not when it takes long. */
export async function untilReady(url: string, log: Log, stopped: () => boolean): Promise<void> {
  let complainAt = performance.now() + complainAfterMs
  while (!stopped()) {
    const response = await fetch(`${url}/readyz`)
    if (response.ok) return void (await response.body?.cancel())
    const state: unknown = await response.json()
    if (performance.now() > complainAt) {
      log.error({ state }, 'the host is not ready yet')
      complainAt += complainAfterMs
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
