import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { EngineVersions } from '../host-types.ts'
import type { Refusal } from './resolve.ts'

const names = { dcesop: 'the host', sdk: 'the SDK', node: 'Node.js' } as const

/** Ranges of `engines` that this host does not meet. */
export function engineRefusals(manifest: PluginManifest, engines: EngineVersions): Refusal[] {
  const { id, version } = manifest
  return (['dcesop', 'sdk', 'node'] as const).flatMap((engine): Refusal[] => {
    const range = manifest.engines[engine]
    if (range === undefined || semver.satisfies(engines[engine], range)) return []
    const explanation =
      `Plugin "${id}" ${version} needs ${names[engine]} in version ${range}, but this is ${engines[engine]}. ` +
      `Install a version of "${id}" made for ${engines[engine]}, or change the host.`
    return [{ plugin: id, code: 'engine_mismatch', explanation }]
  })
}
