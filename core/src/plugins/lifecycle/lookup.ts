import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

export interface Installed {
  readonly slot: Slot
  readonly desired: DesiredState
}

/** @throws Problem 404 `plugin_not_found` */
export async function installedOf(parts: LifecycleParts, plugin: string): Promise<Installed> {
  const [slot, desired] = [parts.slots.get(plugin), await parts.desired.get(plugin)]
  if (!slot || !desired) throw new Problem(404, 'plugin_not_found', `Plugin "${plugin}" is not installed.`)
  if (desired.removing) {
    const detail = `Plugin "${plugin}" is being uninstalled. Ask for that again if it does not come to an end.`
    throw new Problem(404, 'plugin_not_found', detail)
  }
  return { slot, desired }
}

/** @throws Problem 404, or 409 `plugin_disabled` */
export async function enabledOf(parts: LifecycleParts, plugin: string): Promise<Installed> {
  const found = await installedOf(parts, plugin)
  if (!found.desired.enabled)
    throw new Problem(409, 'plugin_disabled', `Plugin "${plugin}" is disabled. Enable it first.`)
  return found
}

/** A package of the store. @param version the newest that is no prerelease when left out @throws Problem 404 `package_not_found` */
export async function entryOf(
  parts: LifecycleParts,
  plugin: string,
  version: string | undefined,
): Promise<CatalogueEntry> {
  const versions = (await parts.catalogue.list()).filter(({ manifest }) => manifest.id === plugin)
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

/** The generation of a package with the configuration of now. @throws Problem 422 `plugin_config_invalid` */
export function generationOf(parts: LifecycleParts, { digest, manifest }: CatalogueEntry): GenerationKey {
  try {
    const { revision } = parts.configOf(manifest)
    return { plugin: manifest.id, version: manifest.version, digest, configRevision: revision }
  } catch (cause) {
    throw new Problem(422, 'plugin_config_invalid', (cause as Error).message, { cause })
  }
}

export function keyOf({ plugin, version, digest, configRevision }: GenerationKey): GenerationKey {
  return { plugin, version, digest, configRevision }
}

export function sameGeneration(a: GenerationKey, b: GenerationKey): boolean {
  return a.digest === b.digest && a.configRevision === b.configRevision
}
