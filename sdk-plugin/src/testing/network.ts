import { setTimeout as pause } from 'node:timers/promises'

/** The network between the plugin and everything but its host, as a test wants it. */
export interface TestNetwork {
  /** From now on `fetch` finds nobody. */
  down(): void
  /** From now on each answer takes so many milliseconds longer; an abort signal is heard meanwhile. */
  slow(milliseconds: number): void
  /** As it is. */
  restore(): void
}

type Fetch = typeof globalThis.fetch

/**
 * Faults of the global `fetch`. It is replaced while there is a fault and given back by `restore`; other ways out of the process
 * are not touched.
 * @param own origin of the test host, whose requests are the test's and never fail
 */
export function createTestNetwork(own: () => string): TestNetwork {
  let original: Fetch | undefined
  const behave = (fault: (forward: Fetch, ...call: Parameters<Fetch>) => ReturnType<Fetch>) => {
    const forward = (original ??= globalThis.fetch)
    globalThis.fetch = (input, init) =>
      urlOf(input).startsWith(own()) ? forward(input, init) : fault(forward, input, init)
  }
  return {
    down() {
      behave(async (_forward, input) => {
        const cause = Object.assign(new Error(`connect ECONNREFUSED ${urlOf(input)}`), { code: 'ECONNREFUSED' })
        throw new TypeError('fetch failed', { cause })
      })
    },
    slow(milliseconds) {
      behave(async (forward, input, init) => {
        const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
        await pause(milliseconds, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted())
        return forward(input, init)
      })
    },
    restore() {
      if (original) globalThis.fetch = original
      original = undefined
    },
  }
}

function urlOf(input: Parameters<Fetch>[0]): string {
  return input instanceof Request ? input.url : String(input)
}
