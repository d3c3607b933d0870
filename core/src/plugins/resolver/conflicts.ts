import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import { refuse, type Refusal } from './refusal.ts'

/** Two providers of one capability: the one named later falls. */
export function duplicateProviders(manifests: readonly PluginManifest[]): Refusal[] {
  const first = new Map<string, string>()
  return manifests.flatMap(({ id, version, provides }) =>
    Object.keys(provides ?? {}).flatMap((capability): Refusal[] => {
      const holder = first.get(capability)
      if (holder === undefined) first.set(capability, id)
      if (holder === undefined || holder === id) return []
      return [refuse('duplicate_provider', { plugin: id, version, capability, provider: holder })]
    }),
  )
}

/** The plugin that declares a conflict falls when what it excludes is there. */
export function conflictRefusals(manifests: readonly PluginManifest[]): Refusal[] {
  return manifests.flatMap((manifest) =>
    (manifest.conflicts ?? []).flatMap((conflict): Refusal[] => {
      const other = manifests.find((candidate) => candidate !== manifest && excludes(conflict, candidate))
      if (!other) return []
      const { id: plugin, version } = manifest
      const about = { other: other.id, otherVersion: other.version, why: conflict.reason, range: conflict.range }
      return [refuse('conflict', { plugin, version, ...about })]
    }),
  )
}

type Conflict = NonNullable<PluginManifest['conflicts']>[number]

function excludes({ plugin, capability, range }: Conflict, candidate: PluginManifest): boolean {
  if (plugin !== undefined) return candidate.id === plugin && semver.satisfies(candidate.version, range)
  const provided = capability === undefined ? undefined : candidate.provides?.[capability]
  return typeof provided === 'string' && semver.satisfies(provided, range)
}
