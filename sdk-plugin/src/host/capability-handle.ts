import { Problem } from '../backend/problem.ts'

/** Who answers for a capability at this moment. */
export interface Provided {
  readonly implementation: object
  /** Plugin and version, for the sentence about a method that is missing. */
  readonly provider: string
  /** Runs a call under the provider's name. */
  run(call: () => unknown): Promise<unknown>
}

/**
 * A handle that asks at each call who provides the capability, so that it follows the provider through upgrades.
 * Each of its methods rejects with Problem 503 `capability_unavailable` while `find` finds nobody.
 */
export function capabilityHandle<T extends object>(
  capability: string,
  find: () => Provided | undefined,
): T & { readonly available: boolean } {
  const calls = new Map<PropertyKey, (...parameters: unknown[]) => Promise<unknown>>()
  const handle = new Proxy(Object.create(null) as Record<PropertyKey, unknown>, {
    get(_target, name) {
      if (name === 'available') return find() !== undefined
      // A handle is no promise: `await handle` must give back the handle.
      if (name === 'then' || typeof name === 'symbol') return undefined
      const known = calls.get(name) ?? ((...parameters: unknown[]) => call(capability, name, parameters, find()))
      calls.set(name, known)
      return known
    },
  })
  return handle as T & { readonly available: boolean }
}

async function call(capability: string, method: string, parameters: unknown[], found: Provided | undefined) {
  if (!found)
    throw new Problem(503, 'capability_unavailable', `No active plugin provides "${capability}" at the moment.`, {
      retryAfter: 5,
    })
  const { implementation, provider, run } = found
  const callable = (implementation as Record<string, unknown>)[method]
  if (typeof callable !== 'function')
    throw new TypeError(`Capability "${capability}" of plugin ${provider} has no method "${method}".`)
  return run(() => callable.apply(implementation, parameters) as unknown)
}
