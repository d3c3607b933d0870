import type { Disposable } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { PolicyPort } from '../../ports.ts'

/** Permissions that installed plugins define. They outlive a stop, so that a disabled plugin's page can say so to whom it concerns. */
export class Permissions {
  readonly #policy: PolicyPort
  readonly #defined = new Map<string, Disposable>()

  constructor(policy: PolicyPort) {
    this.#policy = policy
  }

  async define({ id, permissions }: PluginManifest): Promise<void> {
    await this.#defined.get(id)?.dispose()
    this.#defined.set(id, this.#policy.define(id, permissions?.defines ?? []))
  }

  async forget(plugin: string): Promise<void> {
    await this.#defined.get(plugin)?.dispose()
    this.#defined.delete(plugin)
  }

  async dispose(): Promise<void> {
    for (const definition of this.#defined.values()) await definition.dispose()
    this.#defined.clear()
  }
}
