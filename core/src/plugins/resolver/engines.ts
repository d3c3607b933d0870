import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { EngineVersions } from '../host-types.ts'
import { refuse, type Refusal } from './refusal.ts'

/** Ranges of `engines` that this host does not meet. */
export function engineRefusals(manifest: PluginManifest, engines: EngineVersions): Refusal[] {
  const { id: plugin, version } = manifest
  return (['dcesop', 'sdk', 'node'] as const).flatMap((engine): Refusal[] => {
    const range = manifest.engines[engine]
    if (range === undefined || semver.satisfies(engines[engine], range)) return []
    return [refuse('engine_mismatch', { plugin, version, engine, range, present: engines[engine] })]
  })
}
