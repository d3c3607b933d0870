import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { checkManifest } from '../manifest/check.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { needsUi } from '../package/manifest-rules.ts'
import { PackageError } from '../package/findings.ts'
import { manifestPath } from '../package/file-list.ts'
import { buildBackend } from './backend.ts'
import { remoteConfig } from './remote.ts'
import { packagesOf } from './bundled-packages.ts'
import { sbomOf, sbomPath } from './sbom.ts'
import { runWebpack, sourcesOf } from './webpack-run.ts'

/** Reads and checks the manifest in a plugin's source folder. @throws PackageError with every finding */
export async function readSourceManifest(pluginDir: string): Promise<PluginManifest> {
  const text = await readFile(path.join(pluginDir, manifestPath), 'utf8')
  const checked = checkManifest(JSON.parse(text))
  if (checked.ok) return checked.manifest
  throw new PackageError(checked.findings.map(({ rule, message, fix }) => ({ rule, evidence: message, fix })))
}

/** Builds backend and remote of a plugin into `<pluginDir>/dist`, with the bill of materials of what they contain. */
export async function buildPlugin(pluginDir: string): Promise<PluginManifest> {
  const manifest = await readSourceManifest(pluginDir)
  const sources: string[] = []
  if (manifest.backend) sources.push(...(await buildBackend(pluginDir, path.join(pluginDir, manifest.backend.entry))))
  if (needsUi(manifest)) {
    sources.push(...sourcesOf(await runWebpack(remoteConfig(pluginDir, manifest, path.join(pluginDir, 'dist/ui')))))
  }
  const { name } = JSON.parse(await readFile(path.join(pluginDir, 'package.json'), 'utf8')) as { name: string }
  const self = { name, version: manifest.version, licence: manifest.support.licence }
  await mkdir(path.join(pluginDir, 'dist'), { recursive: true })
  await writeFile(path.join(pluginDir, 'dist', sbomPath), sbomOf(self, await packagesOf(sources)))
  return manifest
}
