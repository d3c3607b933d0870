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
  /** By capability, the mandatory plugin that was the last to provide it, or is to. */
  readonly #mandatory: Map<string, string>

  /** @param regions for whose generations this is; all when left out */
  constructor(regions?: readonly string[], shared?: Capabilities) {
    this.#active = shared ? shared.#active : new Map<string, Provider[]>()
    this.watch = shared ? shared.watch : new EventEmitter().setMaxListeners(0)
    this.#regions = regions
    this.#mandatory = shared ? shared.#mandatory : new Map<string, string>()
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
    this.expect(provider.manifest)
    this.watch.emit('changed')
  }

  /** The plugin is to provide, also when it does not come up: without a mandatory one, what needs it must not answer. */
  expect({ id, criticality, provides = {} }: PluginManifest): void {
    for (const capability of Object.keys(provides))
      if (criticality === 'mandatory') this.#mandatory.set(capability, id)
      else this.#mandatory.delete(capability)
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

  /**
   * The mandatory plugin that is down and without which the plugin must not answer: one that it needs, or that what it needs needs.
   * @returns its id; undefined when it may answer
   */
  closedBy({ consumes }: PluginManifest, seen?: ReadonlySet<string>): string | undefined {
    for (const { capability, optional } of consumes ?? []) {
      if (optional || seen?.has(capability)) continue
      const provider = this.#providerOf(capability)
      const closed = provider
        ? this.closedBy(provider.manifest, new Set([...(seen ?? []), capability]))
        : this.#mandatory.get(capability)
      if (closed !== undefined) return closed
    }
    return undefined
  }

  #providerOf(capability: string): Provider | undefined {
    return this.#active.get(capability)?.find((one) => shareRegion(one.regions, this.#regions))
  }

  #find(capability: string): Provided | undefined {
    const provider = this.#providerOf(capability)
    const implementation = provider?.implementations.get(capability)
    if (!provider || !implementation || this.closedBy(provider.manifest) !== undefined) return undefined
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
