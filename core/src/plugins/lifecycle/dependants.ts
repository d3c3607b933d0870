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

/** Running plugins that could not go on if the plugin changed to `manifest`, with the explanation of each. */
export function brokenBy(parts: LifecycleParts, manifest: PluginManifest): { plugin: string; explanation: string }[] {
  const others = activeManifests(parts).filter(({ id }) => id !== manifest.id)
  const candidates = new Map([...others, manifest].map((candidate) => [candidate.id, candidate]))
  const { refusals } = resolve(candidates, [manifest.id, ...others.map(({ id }) => id)], parts.engines)
  return refusals
    .filter((refusal) => refusal.plugin !== manifest.id)
    .map(({ plugin, explanation }) => ({ plugin, explanation }))
}
