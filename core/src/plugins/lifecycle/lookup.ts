import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { reasonOf } from '../journal/reasons.ts'
import type { Settings } from '../settings/plugin-settings.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { LifecycleParts } from './parts.ts'
import { configFor, ConfigRefusal } from './plugin-config.ts'
import type { Slot } from './slot.ts'

export interface Installed {
  readonly slot: Slot
  readonly desired: DesiredState
}

/** @throws Problem 404 `plugin_not_found`, or 409 `plugin_busy` while it is being enabled or disabled with others */
export async function installedOf(parts: LifecycleParts, plugin: string): Promise<Installed> {
  const found = await currentOf(parts, plugin)
  if (!found.desired.together) return found
  const { verb, plugins } = found.desired.together
  const detail = `Plugin "${plugin}" cannot be changed now. To ${verb} it with ${plugins.join(', ')} was begun, and is being finished.`
  throw new Problem(409, 'plugin_busy', detail, { retryAfter: 5 })
}

/** Also in the middle of a change of several. @throws Problem 404 `plugin_not_found` */
export async function currentOf(parts: LifecycleParts, plugin: string): Promise<Installed> {
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

/** The package of a version to go back to. @throws Problem 409 `plugin_no_previous` */
export async function packageOf(
  parts: LifecycleParts,
  { plugin, version, digest }: GenerationKey,
): Promise<CatalogueEntry> {
  const entry = await parts.catalogue.byDigest(digest)
  if (entry) return entry
  const detail = `The package of "${plugin}" ${version} is no longer in the store.`
  throw new Problem(409, 'plugin_no_previous', detail)
}

/**
 * The generation of a package with the host's configuration of now and what administrators have set.
 * @param served regions in which the configuration has to fit now; in any other it has to when it is brought up there
 * @throws Problem 422 `plugin_config_invalid`, `plugin_scope_refused`
 */
export function generationOf(
  parts: LifecycleParts,
  { digest, manifest }: CatalogueEntry,
  settings: Settings,
  served: readonly string[] = [],
): GenerationKey {
  try {
    const config = parts.configOf(manifest, settings)
    configFor(config, served)
    const { revision: configRevision } = config
    return keyOf({
      plugin: manifest.id,
      version: manifest.version,
      digest,
      configRevision,
      ...(settings.revision > 0 ? { settings: settings.revision } : {}),
    })
  } catch (cause) {
    const { causes = [] } = reasonOf(cause)
    const isScope = causes.some(({ code }) => code.startsWith('config_scope_'))
    const code = isScope ? 'plugin_scope_refused' : 'plugin_config_invalid'
    const told = cause instanceof ConfigRefusal ? { mistakes: cause.mistakes, region: cause.region ?? null } : {}
    throw new Problem(422, code, (cause as Error).message, { cause, extensions: { causes, ...told } })
  }
}

export function keyOf({ plugin, version, digest, configRevision, settings }: GenerationKey): GenerationKey {
  return { plugin, version, digest, configRevision, ...(settings === undefined ? {} : { settings }) }
}

export function sameGeneration(a: GenerationKey, b: GenerationKey): boolean {
  return a.digest === b.digest && a.configRevision === b.configRevision
}
