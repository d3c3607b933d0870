import { Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { dependantsOf } from '../resolver/order.ts'
import { resolve } from '../resolver/resolve.ts'
import type { LifecycleParts } from './parts.ts'

function activeManifests(parts: LifecycleParts): PluginManifest[] {
  return [...parts.slots.values()].flatMap(({ active }) => (active ? [active.manifest] : []))
}

/** Running plugins that cannot go on without this one, nearest first. */
export function runningDependants(parts: LifecycleParts, plugin: string): string[] {
  return dependantsOf(plugin, activeManifests(parts))
}

export interface Broken {
  readonly plugin: string
  readonly explanation: string
}

/**
 * Plugins that could not go on if the plugin changed to `manifest`, with the explanation of each.
 * @param changed manifests of plugins that change with it
 */
export function brokenBy(
  parts: LifecycleParts,
  manifest: PluginManifest,
  changed: readonly PluginManifest[] = [],
): Broken[] {
  const others = activeManifests(parts).filter(({ id }) => id !== manifest.id)
  const candidates = new Map([...others, ...changed, manifest].map((candidate) => [candidate.id, candidate]))
  const { refusals } = resolve(candidates, [...candidates.keys()], parts.engines)
  return refusals
    .filter((refusal) => refusal.plugin !== manifest.id)
    .map(({ plugin, explanation }) => ({ plugin, explanation }))
}

/** Problem 409 with the list of those who are in the way. */
export function hasDependants({ id, version }: PluginManifest, broken: readonly Broken[]): Problem {
  const dependants = [...new Set(broken.map(({ plugin }) => plugin))]
  const detail = `Version ${version} of "${id}" would stop ${dependants.join(', ')}. ${broken.map(({ explanation }) => explanation).join(' ')}`
  return new Problem(409, 'plugin_has_dependants', detail, { extensions: { dependants } })
}
