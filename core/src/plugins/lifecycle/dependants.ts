import { Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { dependantsOf } from '../resolver/order.ts'
import { resolve } from '../resolver/resolve.ts'
import { mainRegions, wantedIn } from './lanes.ts'
import { sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'

/** Manifests of what serves in a region. */
export function activeManifests(parts: LifecycleParts, region: string): PluginManifest[] {
  return [...parts.slots.values()].flatMap((slot) => slot.servingIn(region)?.generation.manifest ?? [])
}

/**
 * What a plugin finds in a region when it starts: what serves there, and what should and is down, as the host it starts with may be.
 * What needs that goes on, or is closed by it, as when it goes down later.
 */
export async function manifestsBeside(
  parts: LifecycleParts,
  plugin: string,
  region: string,
): Promise<PluginManifest[]> {
  const serving = activeManifests(parts, region).filter(({ id }) => id !== plugin)
  const found = new Set([plugin, ...serving.map(({ id }) => id)])
  const keys = (await parts.desired.all()).flatMap((state) => wantedIn(state, region) ?? [])
  const down = keys.filter((key) => !found.has(key.plugin))
  const entries = await Promise.all(down.map(({ digest }) => parts.catalogue.byDigest(digest)))
  return [...serving, ...entries.flatMap((entry) => (entry ? [entry.manifest] : []))]
}

/** Running plugins that cannot go on without this one, nearest first. @param region all when left out */
export function runningDependants(parts: LifecycleParts, plugin: string, region?: string): string[] {
  const regions = region === undefined ? parts.ports.data.regions : [region]
  return [...new Set(regions.flatMap((one) => dependantsOf(plugin, activeManifests(parts, one))))]
}

/** Installed plugins that cannot go on without this one, disabled ones included: they could not be enabled any more. */
export async function installedDependants(
  parts: LifecycleParts,
  plugin: string,
): Promise<{ readonly plugin: string; readonly enabled: boolean }[]> {
  const states = await parts.desired.all()
  const entries = await Promise.all(states.map(({ digest }) => parts.catalogue.byDigest(digest)))
  const manifests = entries.flatMap((entry) => (entry ? [entry.manifest] : []))
  const isOff = (id: string) => states.some((state) => state.plugin === id && !state.enabled)
  return dependantsOf(plugin, manifests).map((id) => ({ plugin: id, enabled: !isOff(id) }))
}

/**
 * Who is in the way of a change is told by what runs here: what another host has made of them has to be taken over first.
 * @throws Problem 409 `plugin_busy`
 */
export async function requireFollowed(parts: LifecycleParts, plugin: string): Promise<void> {
  const here = (await parts.nodes.live()).find(({ node }) => node === parts.nodes.id)
  for (const { plugin: id } of await installedDependants(parts, plugin)) {
    const desired = await parts.desired.get(id)
    const active = parts.slots.get(id)?.active
    if (!desired?.enabled || mainRegions(parts, desired).length === 0) continue
    // More cannot be taken over than starts here.
    if ((active && sameGeneration(active.key, desired)) || here?.observed[id]?.failed) continue
    const state = await parts.journal.state(desired)
    if (state !== 'ACTIVE' && state !== 'DEGRADED') continue
    const detail = `Plugin "${plugin}" cannot be changed now. This host has yet to take over what another one made of "${id}".`
    throw new Problem(409, 'plugin_busy', detail, { retryAfter: 5 })
  }
}

export interface Broken {
  readonly plugin: string
  readonly explanation: string
}

/**
 * Plugins that could not go on if the plugin changed to `manifest`, with the explanation of each.
 * @param changed manifests of plugins that change with it
 * @param region where it changes; the regions without a state of their own when left out
 */
export function brokenBy(
  parts: LifecycleParts,
  manifest: PluginManifest,
  changed: readonly PluginManifest[] = [],
  region?: string,
): Broken[] {
  const slot = parts.slots.get(manifest.id)
  const regions = region === undefined ? parts.ports.data.regions.filter((one) => !slot?.differsIn(one)) : [region]
  const broken = regions.flatMap((one) => brokenIn(parts, manifest, changed, one))
  return broken.filter(({ plugin }, index) => broken.findIndex((other) => other.plugin === plugin) === index)
}

function brokenIn(
  parts: LifecycleParts,
  manifest: PluginManifest,
  changed: readonly PluginManifest[],
  region: string,
): Broken[] {
  const others = activeManifests(parts, region).filter(({ id }) => id !== manifest.id)
  const candidates = new Map([...others, ...changed, manifest].map((candidate) => [candidate.id, candidate]))
  const { refusals } = resolve(candidates, [...candidates.keys()], parts.engines)
  return refusals
    .filter((refusal) => refusal.plugin !== manifest.id)
    .map(({ plugin, why }) => ({ plugin, explanation: why.reason }))
}

/** Problem 409 with the list of those who are in the way. */
export function hasDependants({ id, version }: PluginManifest, broken: readonly Broken[]): Problem {
  const dependants = [...new Set(broken.map(({ plugin }) => plugin))]
  const detail = `Version ${version} of "${id}" would stop ${dependants.join(', ')}. ${broken.map(({ explanation }) => explanation).join(' ')}`
  return new Problem(409, 'plugin_has_dependants', detail, { extensions: { dependants } })
}
