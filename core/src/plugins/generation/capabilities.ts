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
  /** Where it serves; undefined for everywhere. */
  readonly regions: readonly string[] | undefined
}

/** Which generation answers for each capability now; consumers hold handles that follow it. */
export class Capabilities {
  /** `changed` when a provider came or went. */
  readonly watch: EventEmitter
  /** The newest first. */
  readonly #active: Map<string, Provider[]>
  readonly #regions: readonly string[] | undefined

  /** @param regions for whose generations this is; all when left out */
  constructor(regions?: readonly string[], shared?: Capabilities) {
    this.#active = shared ? shared.#active : new Map<string, Provider[]>()
    this.watch = shared ? shared.watch : new EventEmitter().setMaxListeners(0)
    this.#regions = regions
  }

  /** The same capabilities, for generations that serve some regions only. */
  in(regions: readonly string[]): Capabilities {
    return new Capabilities(regions, this)
  }

  /** The generation becomes the provider of what its manifest provides. */
  activate(provider: Omit<Provider, 'regions'>): void {
    const entry = { ...provider, regions: this.#regions }
    for (const capability of Object.keys(provider.manifest.provides ?? {}))
      this.#active.set(capability, [entry, ...(this.#active.get(capability) ?? [])])
    this.watch.emit('changed')
  }

  /** Takes back what the generation still provides; a successor that took over keeps it. */
  deactivate(implementations: Implementations): void {
    for (const [capability, providers] of this.#active)
      this.#active.set(
        capability,
        providers.filter((provider) => provider.implementations !== implementations),
      )
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
    const provider = this.#active.get(capability)?.find((one) => shareRegion(one.regions, this.#regions))
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

function shareRegion(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === undefined || b === undefined || a.some((region) => b.includes(region))
}
