import { collectPackageFiles } from '../../build/collect.ts'
import { buildPlugin } from '../../build/plugin.ts'
import { readSourceManifest } from '../../build/source-manifest.ts'
import { manifestPath } from '../../package/file-list.ts'
import { packFiles } from '../../package/pack.ts'

/** A plugin packed to be tried out. */
export interface DevPackage {
  readonly id: string
  readonly version: string
  readonly tarball: Buffer
}

/**
 * Builds and packs the plugin as it is now, with a version of its own: `1.2.0` becomes `1.2.0-dev.1764327000000`, so that two
 * builds never meet under one name in the browser. @throws PackageError or BuildError
 */
export async function devPackage(pluginDir: string, now: number): Promise<DevPackage> {
  const { version: released } = await readSourceManifest(pluginDir)
  const version = `${released.replace(/[-+].*$/, '')}-dev.${now}`
  const manifest = await buildPlugin(pluginDir, { version, mode: 'development' })
  const files = await collectPackageFiles(pluginDir, manifest)
  files.set(manifestPath, Buffer.from(JSON.stringify(manifest)))
  return { id: manifest.id, version, tarball: await packFiles(files, [], { development: true }) }
}
