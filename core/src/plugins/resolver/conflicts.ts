import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { Refusal } from './resolve.ts'

/** Two providers of one capability: the one named later falls. */
export function duplicateProviders(manifests: readonly PluginManifest[]): Refusal[] {
  const first = new Map<string, string>()
  return manifests.flatMap(({ id, version, provides }) =>
    Object.keys(provides ?? {}).flatMap((capability): Refusal[] => {
      const holder = first.get(capability)
      if (holder === undefined) first.set(capability, id)
      if (holder === undefined || holder === id) return []
      const explanation =
        `Plugin "${id}" ${version} provides "${capability}", but "${holder}" provides it already and a capability has one provider. ` +
        `Disable "${holder}" first, or do not enable "${id}".`
      return [{ plugin: id, code: 'duplicate_provider', explanation }]
    }),
  )
}

/** The plugin that declares a conflict falls when what it excludes is there. */
export function conflictRefusals(manifests: readonly PluginManifest[]): Refusal[] {
  return manifests.flatMap((manifest) =>
    (manifest.conflicts ?? []).flatMap((conflict): Refusal[] => {
      const other = manifests.find((candidate) => candidate !== manifest && excludes(conflict, candidate))
      if (!other) return []
      const explanation =
        `Plugin "${manifest.id}" ${manifest.version} cannot run beside "${other.id}" ${other.version}: ${conflict.reason} ` +
        `Disable "${other.id}", or install a version of it outside ${conflict.range}.`
      return [{ plugin: manifest.id, code: 'conflict', explanation }]
    }),
  )
}

type Conflict = NonNullable<PluginManifest['conflicts']>[number]

function excludes({ plugin, capability, range }: Conflict, candidate: PluginManifest): boolean {
  if (plugin !== undefined) return candidate.id === plugin && semver.satisfies(candidate.version, range)
  const provided = capability === undefined ? undefined : candidate.provides?.[capability]
  return typeof provided === 'string' && semver.satisfies(provided, range)
}
