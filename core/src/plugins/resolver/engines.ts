import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { EngineVersions } from '../host-types.ts'
import type { Refusal } from './resolve.ts'

const names = { dcesop: 'the host', sdk: 'the SDK', node: 'Node.js' } as const

/** Ranges of `engines` that this host does not meet, and an isolation that it cannot give. */
export function engineRefusals(manifest: PluginManifest, engines: EngineVersions): Refusal[] {
  const { id, version } = manifest
  const mismatches = (['dcesop', 'sdk', 'node'] as const).flatMap((engine): Refusal[] => {
    const range = manifest.engines[engine]
    if (range === undefined || semver.satisfies(engines[engine], range)) return []
    const explanation =
      `Plugin "${id}" ${version} needs ${names[engine]} in version ${range}, but this is ${engines[engine]}. ` +
      `Install a version of "${id}" made for ${engines[engine]}, or change the host.`
    return [{ plugin: id, code: 'engine_mismatch', explanation }]
  })
  if (manifest.backend?.isolation !== 'process') return mismatches
  const explanation =
    `Plugin "${id}" ${version} asks for a process of its own, but this host runs plugins in its own process only. ` +
    `Install a version of "${id}" that accepts isolation "inline".`
  return [...mismatches, { plugin: id, code: 'isolation_unavailable', explanation }]
}
