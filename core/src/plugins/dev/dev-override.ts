import { type Disposable, type Log, toDisposable } from '@dcesop/sdk-plugin'
import { fileListPath, type PluginPackage } from '@dcesop/sdk-plugin/package'
import { createHash } from 'node:crypto'
import { type AssetSet, assetsOf } from '../feed/assets.ts'
import type { Generation } from '../generation/generation.ts'
import { startGeneration } from '../generation/start-generation.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { configFor } from '../lifecycle/plugin-config.ts'
import { Slot } from '../lifecycle/slot.ts'
import { noSettings } from '../settings/plugin-settings.ts'
import type { OpenedPackage } from '../store/package-store.ts'

/** A package that serves one session: never in the store, the journal or the desired state, gone with the command. */
export class DevOverride {
  readonly slot: Slot
  assets: AssetSet | undefined
  readonly #parts: LifecycleParts
  readonly #log: Log
  #permissions: Disposable = toDisposable(() => undefined)

  /** @param log hears what the plugin logs, besides the host's own log */
  constructor(parts: LifecycleParts, plugin: string, log: Log) {
    this.#parts = parts
    this.#log = log
    this.slot = new Slot(
      plugin,
      '',
      () => parts.clock.now(),
      () => undefined,
    )
  }

  /** Starts a build and lets it take over from the one before; a build that does not start changes nothing. @throws StartFailure */
  async take({ manifest, files, sha512: digest }: PluginPackage): Promise<void> {
    const list = files.get(fileListPath) ?? ''
    const opened: OpenedPackage = { digest, manifest, files, listHash: createHash('sha256').update(list).digest('hex') }
    const { id: plugin, version } = manifest
    const installed = await this.#parts.desired.get(plugin)
    const config = this.#parts.configOf(manifest, installed ? await this.#parts.settings.of(installed) : noSettings)
    const key: GenerationKey = { plugin, version, digest, configRevision: config.revision }
    const ports = { ...this.#parts.ports, log: this.#log }
    const generation = await startGeneration(
      key,
      opened,
      configFor(config, ports.data.regions),
      ports,
      this.#parts.container,
    )
    const before = this.slot.active
    this.slot.serve(generation)
    this.slot.show(manifest.version, 'ACTIVE')
    this.assets = assetsOf(opened)
    await this.#permissions.dispose()
    this.#permissions = this.#parts.policy.define(manifest.id, manifest.permissions?.defines ?? [], true)
    if (before) await this.#end(before)
    // An installed version keeps its jobs, events and capabilities: two must never do the same work.
    if (!this.#parts.slots.get(manifest.id)?.active) await generation.activate()
  }

  async dispose(): Promise<void> {
    const { active } = this.slot
    this.slot.close()
    if (active) await this.#end(active)
    await this.#permissions.dispose()
    if (!this.#parts.slots.get(this.slot.id)?.active) await this.#parts.ports.topics.release(this.slot.id)
  }

  async #end(generation: Generation): Promise<void> {
    await generation.pause()
    await generation.drain()
    await generation.stop()
  }
}
