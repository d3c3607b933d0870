import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import { rollbackBlock, upgradeBlock } from './data-version.ts'
import { brokenBy, runningDependants } from './dependants.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'
import { pluginConfig } from './plugin-config.ts'
import type { Slot } from './slot.ts'
import { takeOver, windDown } from './swap.ts'

/** What an administrator can do to a plugin. Each resolves when the transition has ended, and rejects with a Problem. */
export class Operations {
  readonly #parts: LifecycleParts
  readonly #exclusive: Exclusive
  readonly #newSlot: (plugin: string, version: string) => Slot

  constructor(parts: LifecycleParts, exclusive: Exclusive, newSlot: (plugin: string, version: string) => Slot) {
    this.#parts = parts
    this.#exclusive = exclusive
    this.#newSlot = newSlot
  }

  /** Adds a plugin to the desired state and starts it. @param version the newest in the store when left out */
  async install(plugin: string, version?: string): Promise<void> {
    const entry = await this.#entry(plugin, version)
    await this.#exclusive.run(plugin, async (token) => {
      if (await this.#parts.desired.get(plugin)) {
        throw new Problem(409, 'plugin_installed', `Plugin "${plugin}" is installed. Upgrade it to change its version.`)
      }
      const key = this.#keyOf(entry)
      await this.#parts.desired.put({ ...key, enabled: true, since: this.#parts.clock.now() })
      const slot = this.#newSlot(plugin, key.version)
      this.#parts.slots.set(plugin, slot)
      await this.#parts.permissions.define(entry.manifest)
      await this.#bring(slot, key, token, 'installed')
    })
  }

  async enable(plugin: string): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await this.#installed(plugin)
      if (slot.active) throw new Problem(409, 'plugin_enabled', `Plugin "${plugin}" is running.`)
      await this.#parts.desired.put({ ...desired, enabled: true, since: this.#parts.clock.now() })
      await this.#bring(slot, desired, token, 'enabled')
    })
  }

  /** @throws Problem 409 `plugin_has_dependants` with the list of running plugins that need it */
  async disable(plugin: string): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await this.#installed(plugin)
      const dependants = runningDependants(this.#parts, plugin)
      if (dependants.length > 0) {
        const detail = `Plugin "${plugin}" is needed by ${dependants.join(', ')}. Disable ${dependants.length === 1 ? 'it' : 'these'} first, the last one named first.`
        throw new Problem(409, 'plugin_has_dependants', detail, { extensions: { dependants } })
      }
      await this.#parts.desired.put({ ...desired, enabled: false, since: this.#parts.clock.now() })
      const generation = slot.active
      if (!generation) return this.#parts.changed()
      slot.serve(undefined)
      slot.show(generation.key.version, 'DRAINING', 'disabled')
      await this.#parts.changed()
      await windDown(this.#parts, generation, token, 'STOPPED', 'disabled')
      await this.#parts.ports.topics.release(plugin)
      slot.show(generation.key.version, 'STOPPED', 'disabled')
      await this.#parts.changed()
    })
  }

  /** The version before stays in service until the new one is READY, and keeps it when the new one fails. */
  async upgrade(plugin: string, version?: string): Promise<void> {
    const entry = await this.#entry(plugin, version)
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await this.#enabled(plugin)
      const target = this.#keyOf(entry)
      if (sameGeneration(target, desired)) {
        throw new Problem(409, 'plugin_version_active', `Plugin "${plugin}" has version ${target.version} already.`)
      }
      const from = slot.active?.manifest
      const block = from && upgradeBlock(from, entry.manifest)
      if (block) throw new Problem(409, 'plugin_data_incompatible', block)
      await this.#change(slot, desired, target, entry, token, 'upgrade')
    })
  }

  /** Brings back the generation before the last upgrade. */
  async rollback(plugin: string): Promise<void> {
    await this.#exclusive.run(plugin, async (token) => {
      const { slot, desired } = await this.#enabled(plugin)
      const { previous } = desired
      if (!previous)
        throw new Problem(409, 'plugin_no_previous', `There is no earlier version of "${plugin}" to go back to.`)
      const entry = await this.#parts.catalogue.byDigest(previous.digest)
      if (!entry)
        throw new Problem(
          409,
          'plugin_no_previous',
          `The package of "${plugin}" ${previous.version} is no longer in the store.`,
        )
      const block = slot.active && rollbackBlock(slot.active.manifest, entry.manifest)
      if (block) throw new Problem(409, 'plugin_data_incompatible', block)
      await this.#change(slot, desired, this.#keyOf(entry), entry, token, 'rollback')
    })
  }

  async #change(
    slot: Slot,
    desired: DesiredState,
    target: GenerationKey,
    entry: CatalogueEntry,
    token: number,
    verb: 'upgrade' | 'rollback',
  ) {
    const broken = brokenBy(this.#parts, entry.manifest)
    if (broken.length > 0) {
      const detail = `Version ${target.version} of "${target.plugin}" would stop ${broken.map(({ plugin }) => plugin).join(', ')}. ${broken.map(({ explanation }) => explanation).join(' ')}`
      throw new Problem(409, 'plugin_has_dependants', detail, {
        extensions: { dependants: broken.map(({ plugin }) => plugin) },
      })
    }
    const { pending: _, previous: before, ...from } = desired
    await this.#parts.desired.put({ ...desired, pending: { verb, from: keyOf(from), to: target } })
    const restore = () => this.#parts.desired.put({ ...from, ...(before ? { previous: before } : {}) })
    const replaced = await this.#attempt(slot, target, token, verb, restore)
    const previous = verb === 'upgrade' ? { previous: keyOf(from) } : {}
    await this.#parts.desired.put({ ...target, enabled: true, since: this.#parts.clock.now(), ...previous })
    await this.#parts.changed()
    if (replaced)
      await windDown(
        this.#parts,
        replaced,
        token,
        verb === 'upgrade' ? 'STOPPED' : 'ROLLED_BACK',
        `${verb} to ${target.version}`,
      )
    if (before && verb === 'upgrade' && !sameGeneration(before, target)) await this.#retire(before, token)
  }

  async #attempt(slot: Slot, target: GenerationKey, token: number, verb: string, restore: () => Promise<void>) {
    try {
      const generation = await bringUp(this.#parts, target, token, verb)
      return await takeOver(this.#parts, slot, generation, token)
    } catch (error) {
      await restore()
      await this.#parts.changed()
      throw error instanceof BringUpFailure ? error.toProblem(target) : error
    }
  }

  async #bring(slot: Slot, key: GenerationKey, token: number, reason: string): Promise<void> {
    try {
      await takeOver(this.#parts, slot, await bringUp(this.#parts, key, token, reason), token)
    } catch (error) {
      throw error instanceof BringUpFailure ? error.toProblem(key) : error
    } finally {
      await this.#parts.changed()
    }
  }

  async #retire(key: GenerationKey, token: number): Promise<void> {
    if ((await this.#parts.journal.state(key)) === 'STOPPED')
      await this.#parts.journal.append(key, 'RETIRED', token, 'two versions behind')
  }

  async #installed(plugin: string): Promise<{ slot: Slot; desired: DesiredState }> {
    const [slot, desired] = [this.#parts.slots.get(plugin), await this.#parts.desired.get(plugin)]
    if (!slot || !desired) throw new Problem(404, 'plugin_not_found', `Plugin "${plugin}" is not installed.`)
    return { slot, desired }
  }

  async #enabled(plugin: string) {
    const found = await this.#installed(plugin)
    if (!found.desired.enabled)
      throw new Problem(409, 'plugin_disabled', `Plugin "${plugin}" is disabled. Enable it first.`)
    return found
  }

  async #entry(plugin: string, version: string | undefined): Promise<CatalogueEntry> {
    const versions = (await this.#parts.catalogue.list()).filter(({ manifest }) => manifest.id === plugin)
    const found =
      version === undefined
        ? versions.find(({ manifest }) => !semver.prerelease(manifest.version))
        : versions.find(({ manifest }) => manifest.version === version)
    if (found) return found
    const known = versions.map(({ manifest }) => manifest.version).join(', ') || 'none'
    throw new Problem(
      404,
      'package_not_found',
      `There is no package of "${plugin}"${version === undefined ? '' : ` ${version}`} in the store (versions there: ${known}).`,
    )
  }

  #keyOf({ digest, manifest }: CatalogueEntry): GenerationKey {
    return { plugin: manifest.id, version: manifest.version, digest, configRevision: this.#revision(manifest) }
  }

  #revision(manifest: CatalogueEntry['manifest']): string {
    try {
      return pluginConfig(manifest, this.#parts.configOf(manifest.id)).revision
    } catch (cause) {
      throw new Problem(422, 'plugin_config_invalid', (cause as Error).message, { cause })
    }
  }
}

function keyOf({ plugin, version, digest, configRevision }: GenerationKey): GenerationKey {
  return { plugin, version, digest, configRevision }
}

function sameGeneration(a: GenerationKey, b: GenerationKey): boolean {
  return a.digest === b.digest && a.configRevision === b.configRevision
}
