import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import { refuse, type Refusal } from './refusal.ts'
import type { Degradation } from './resolve.ts'

export type Consumption = NonNullable<PluginManifest['consumes']>[number]

/** The plugin that offers a capability, with the version it offers. */
export function providerOf(capability: string, manifests: Iterable<PluginManifest>) {
  for (const manifest of manifests) {
    const version = manifest.provides?.[capability]
    if (typeof version === 'string') return { manifest, version }
  }
  return undefined
}

/** Consumptions that must hold for the plugin to start. */
export function required(manifest: PluginManifest): readonly Consumption[] {
  return (manifest.consumes ?? []).filter((consumption) => consumption.optional !== true)
}

/** Required capabilities that nobody running provides, or in a version out of range. */
export function capabilityRefusals(
  manifests: readonly PluginManifest[],
  candidates: ReadonlyMap<string, PluginManifest>,
  earlier: readonly Refusal[],
): Refusal[] {
  return manifests.flatMap((manifest) =>
    required(manifest).flatMap((consumption): Refusal[] => {
      const { capability, range } = consumption
      const provider = providerOf(capability, manifests)
      const need = { plugin: manifest.id, version: manifest.version, capability, range }
      if (!provider) return [refuse('capability_missing', { ...need, ...whyAbsent(capability, candidates, earlier) })]
      if (semver.satisfies(provider.version, range)) return []
      const { id, version: providerVersion } = provider.manifest
      return [refuse('capability_out_of_range', { ...need, provider: id, providerVersion, offered: provider.version })]
    }),
  )
}

function whyAbsent(
  capability: string,
  candidates: ReadonlyMap<string, PluginManifest>,
  earlier: readonly Refusal[],
): { provider: string; why: 'nobody' | 'refused' | 'off' } {
  const provider = providerOf(capability, candidates.values())?.manifest.id
  if (provider === undefined) return { provider: '', why: 'nobody' }
  return { provider, why: earlier.some(({ plugin }) => plugin === provider) ? 'refused' : 'off' }
}

/** Optional capabilities that are absent or out of range. */
export function degradations(manifests: readonly PluginManifest[]): Degradation[] {
  return manifests.flatMap((manifest) =>
    (manifest.consumes ?? []).flatMap((consumption): Degradation[] => {
      if (consumption.optional !== true) return []
      const provider = providerOf(consumption.capability, manifests)
      if (provider && semver.satisfies(provider.version, consumption.range)) return []
      const found = provider ? `"${provider.manifest.id}" provides ${provider.version}` : 'nobody provides it'
      const { capability, range, degrade = 'hide' } = consumption
      const explanation =
        `Plugin "${manifest.id}" runs without capability "${capability}" (wants ${range}, ${found}); ` +
        `what depends on it is set to "${degrade}". Install a provider of ${range} to have it.`
      return [{ plugin: manifest.id, capability, degrade, explanation }]
    }),
  )
}

/** Every plugin on a loop of required capabilities, with the loop written out. */
export function cycleRefusals(manifests: readonly PluginManifest[]): Refusal[] {
  return manifests.flatMap((manifest): Refusal[] => {
    const loop = loopFrom(manifest, manifests)
    if (!loop) return []
    return [refuse('cycle', { plugin: manifest.id, version: manifest.version, loop: loop.join(' → ') })]
  })
}

/** Breadth-first, so that the shortest loop is told. */
function loopFrom(start: PluginManifest, manifests: readonly PluginManifest[]): string[] | undefined {
  const seen = new Set<string>()
  let frontier: { manifest: PluginManifest; path: string[] }[] = [{ manifest: start, path: [start.id] }]
  while (frontier.length > 0) {
    const next = frontier.flatMap(({ manifest, path }) =>
      required(manifest).flatMap(({ capability }) => {
        const provider = providerOf(capability, manifests)?.manifest
        return provider ? [{ manifest: provider, path: [...path, provider.id] }] : []
      }),
    )
    const closed = next.find(({ manifest }) => manifest === start)
    if (closed) return closed.path
    frontier = next.filter(({ manifest }) => !seen.has(manifest.id) && seen.add(manifest.id))
  }
  return undefined
}
