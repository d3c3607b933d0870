import { type CapabilitiesPort, Problem, toDisposable } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { runAs } from './attribution.ts'

type Implementations = Map<string, object>

/** Keeps count of calls under way, so that a generation is not stopped in the middle of one. */
export interface CallCounter {
  enter(): () => void
}

interface Provider {
  readonly manifest: PluginManifest
  readonly implementations: Implementations
  readonly calls: CallCounter
}

/** Which generation answers for each capability now; consumers hold handles that follow it. */
export class Capabilities {
  readonly #active = new Map<string, Provider>()

  /** The generation becomes the provider of what its manifest provides. */
  activate(provider: Provider): void {
    for (const capability of Object.keys(provider.manifest.provides ?? {})) this.#active.set(capability, provider)
  }

  /** Takes back what the generation still provides; a successor that took over keeps it. */
  deactivate(implementations: Implementations): void {
    for (const [capability, provider] of this.#active)
      if (provider.implementations === implementations) this.#active.delete(capability)
  }

  /** The capabilities port of one generation. */
  port(manifest: PluginManifest, implementations: Implementations): CapabilitiesPort {
    const { id } = manifest
    const provided = new Set(Object.keys(manifest.provides ?? {}))
    const consumed = new Set(manifest.consumes?.map(({ capability }) => capability))
    return {
      provide(capability, implementation) {
        if (!provided.has(capability)) {
          throw new Error(
            `Plugin "${id}" provides "${capability}", which is not in provides of its manifest. Declare it there.`,
          )
        }
        implementations.set(capability, implementation)
        return toDisposable(() => void implementations.delete(capability))
      },
      consume: <T extends object>(capability: string) => {
        if (!consumed.has(capability)) {
          throw new Error(
            `Plugin "${id}" consumes "${capability}", which is not in consumes of its manifest. Declare it there.`,
          )
        }
        return this.#handle<T>(capability)
      },
    }
  }

  #handle<T extends object>(capability: string): T & { readonly available: boolean } {
    const calls = new Map<PropertyKey, (...parameters: unknown[]) => Promise<unknown>>()
    const handle = new Proxy(Object.create(null) as Record<PropertyKey, unknown>, {
      get: (_target, name) => {
        if (name === 'available') return this.#find(capability) !== undefined
        // A handle is no promise: `await handle` must give back the handle.
        if (name === 'then' || typeof name === 'symbol') return undefined
        const known = calls.get(name) ?? ((...parameters: unknown[]) => this.#call(capability, name, parameters))
        calls.set(name, known)
        return known
      },
    })
    return handle as T & { readonly available: boolean }
  }

  #find(capability: string) {
    const provider = this.#active.get(capability)
    const implementation = provider?.implementations.get(capability)
    return provider && implementation ? { provider, implementation } : undefined
  }

  async #call(capability: string, method: string, parameters: readonly unknown[]): Promise<unknown> {
    const found = this.#find(capability)
    if (!found) {
      throw new Problem(503, 'capability_unavailable', `No active plugin provides "${capability}" at the moment.`, {
        retryAfter: 5,
      })
    }
    const { provider, implementation } = found
    const callable = (implementation as Record<string, unknown>)[method]
    if (typeof callable !== 'function') {
      throw new TypeError(
        `Capability "${capability}" of plugin "${provider.manifest.id}" ${provider.manifest.version} has no method "${method}".`,
      )
    }
    const leave = provider.calls.enter()
    try {
      const { id: plugin, version } = provider.manifest
      return await runAs({ plugin, version }, () => callable.apply(implementation, [...parameters]) as unknown)
    } finally {
      leave()
    }
  }
}
