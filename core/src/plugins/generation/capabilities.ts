import { type CapabilitiesPort, toDisposable } from '@dcesop/sdk-plugin'
import { capabilityHandle, type Provided } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { EventEmitter } from 'node:events'
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
  /** `changed` when a provider came or went. */
  readonly watch = new EventEmitter().setMaxListeners(0)
  readonly #active = new Map<string, Provider>()

  /** The generation becomes the provider of what its manifest provides. */
  activate(provider: Provider): void {
    for (const capability of Object.keys(provider.manifest.provides ?? {})) this.#active.set(capability, provider)
    this.watch.emit('changed')
  }

  /** Takes back what the generation still provides; a successor that took over keeps it. */
  deactivate(implementations: Implementations): void {
    for (const [capability, provider] of this.#active)
      if (provider.implementations === implementations) this.#active.delete(capability)
    this.watch.emit('changed')
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
        return capabilityHandle<T>(capability, () => this.#find(capability))
      },
    }
  }

  #find(capability: string): Provided | undefined {
    const provider = this.#active.get(capability)
    const implementation = provider?.implementations.get(capability)
    if (!provider || !implementation) return undefined
    const { id: plugin, version } = provider.manifest
    return {
      implementation,
      provider: `${plugin} ${version}`,
      async run(call) {
        const leave = provider.calls.enter()
        try {
          return await runAs({ plugin, version }, call)
        } finally {
          leave()
        }
      },
    }
  }
}
