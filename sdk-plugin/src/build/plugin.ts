import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { PluginManifest } from '../manifest/types.ts'
import { needsUi } from '../package/manifest-rules.ts'
import { buildBackend } from './backend.ts'
import { packagesOf } from './bundled-packages.ts'
import { readSourceJson } from './read-source.ts'
import { sbomOf, sbomPath } from './sbom.ts'
import { readSourceManifest } from './source-manifest.ts'
import { uiConfig } from './ui-config.ts'
import { runWebpack, sourcesOf } from './webpack-run.ts'

export interface BuildOptions {
  /** Instead of the manifest's own, for builds that are only tried out. */
  readonly version?: string
  /** `development` is faster and can be read in the browser. */
  readonly mode?: 'production' | 'development'
}

/**
 * Builds backend and remote of a plugin into `<pluginDir>/dist`, with the bill of materials of what they contain.
 * @returns the manifest as built
 * @throws PackageError or BuildError when the author has something to mend
 */
export async function buildPlugin(pluginDir: string, options: BuildOptions = {}): Promise<PluginManifest> {
  const source = await readSourceManifest(pluginDir)
  const manifest = options.version === undefined ? source : { ...source, version: options.version }
  const sources: string[] = []
  if (manifest.backend) sources.push(...(await buildBackend(pluginDir, path.join(pluginDir, manifest.backend.entry))))
  if (needsUi(manifest)) {
    const outDir = path.join(pluginDir, 'dist/ui')
    const configuration = await uiConfig({ pluginDir, manifest, outDir, mode: options.mode ?? 'production' })
    sources.push(...sourcesOf(await runWebpack(configuration)))
  }
  const { name } = await readSourceJson(pluginDir, 'package.json')
  const self = { name: String(name), version: manifest.version, licence: manifest.support.licence }
  await mkdir(path.join(pluginDir, 'dist'), { recursive: true })
  await writeFile(path.join(pluginDir, 'dist', sbomPath), sbomOf(self, await packagesOf(sources)))
  return manifest
}
