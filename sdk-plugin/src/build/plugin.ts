import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { checkManifest } from '../manifest/check.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { needsUi } from '../package/manifest-rules.ts'
import { PackageError } from '../findings/finding.ts'
import { manifestPath } from '../package/file-list.ts'
import { buildBackend } from './backend.ts'
import { packagesOf } from './bundled-packages.ts'
import { lineOf } from './json-line.ts'
import { readSourceJson, textOfSource } from './read-source.ts'
import { sbomOf, sbomPath } from './sbom.ts'
import { uiConfig } from './ui-config.ts'
import { runWebpack, sourcesOf } from './webpack-run.ts'

/** Reads and checks the manifest in a plugin's source folder. @throws PackageError with every finding */
export async function readSourceManifest(pluginDir: string): Promise<PluginManifest> {
  const checked = checkManifest(await readSourceJson(pluginDir, manifestPath))
  if (checked.ok) return checked.manifest
  const text = await textOfSource(pluginDir, manifestPath)
  throw new PackageError(
    checked.findings.map(({ message, pointer, ...rest }) => {
      const at = `${manifestPath}:${lineOf(text, pointer)}`
      return { ...rest, evidence: message, at }
    }),
  )
}

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
