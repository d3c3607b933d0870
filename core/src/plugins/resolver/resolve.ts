import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { EngineVersions } from '../host-types.ts'
import { conflictRefusals, duplicateProviders } from './conflicts.ts'
import { capabilityRefusals, type Consumption, cycleRefusals, degradations } from './dependencies.ts'
import { engineRefusals } from './engines.ts'
import { startOrder } from './order.ts'
import { refuse, type Refusal } from './refusal.ts'

/** An optional capability that is not there: the plugin starts without it. */
export interface Degradation {
  readonly plugin: string
  readonly capability: string
  readonly degrade: NonNullable<Consumption['degrade']>
  readonly explanation: string
}

export interface Resolution {
  /** Plugin ids, providers before their consumers. */
  readonly order: readonly string[]
  readonly degradations: readonly Degradation[]
  readonly refusals: readonly Refusal[]
}

/**
 * Decides which plugins can run together and in which order. Pure: the same input gives the same answer.
 * @param candidates the version in question of each plugin, by id
 * @param desired ids that should run; where two exclude each other, the earlier stays
 */
export function resolve(
  candidates: ReadonlyMap<string, PluginManifest>,
  desired: readonly string[],
  engines: EngineVersions,
): Resolution {
  const missing = desired.filter((id) => !candidates.has(id)).map((plugin) => refuse('plugin_missing', { plugin }))
  let remaining = desired.flatMap((id) => candidates.get(id) ?? [])
  const refusals: Refusal[] = [...missing]
  // Each rule may take away what another plugin needs, so the rules run until nothing more falls.
  for (;;) {
    const fallen = [
      ...remaining.flatMap((manifest) => engineRefusals(manifest, engines)),
      ...duplicateProviders(remaining),
      ...conflictRefusals(remaining),
      ...capabilityRefusals(remaining, candidates, refusals),
      ...cycleRefusals(remaining),
    ]
    if (fallen.length === 0) break
    refusals.push(...fallen)
    const gone = new Set(fallen.map((refusal) => refusal.plugin))
    remaining = remaining.filter((manifest) => !gone.has(manifest.id))
  }
  return { order: startOrder(remaining), degradations: degradations(remaining), refusals }
}
