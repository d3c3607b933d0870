import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { PluginManifest } from '../manifest/types.ts'
import { manifestPath } from '../package/file-list.ts'
import { contractRecordPath } from '../package/contract-record.ts'
import { readContractRecord } from './contract-record-file.ts'
import { readSourceJson } from './read-source.ts'
import { sbomPath } from './sbom.ts'

/** The files of a built plugin that belong into its package, by POSIX path. Source maps of the UI stay out: they are not for browsers. */
export async function collectPackageFiles(pluginDir: string, manifest: PluginManifest): Promise<Map<string, Buffer>> {
  const sbom = await readFile(path.join(pluginDir, 'dist', sbomPath))
  const patterns = [
    manifestPath,
    'dist/ui/**/*',
    `${manifest.i18n.path}/*.json`,
    'contracts/*',
    'LICENSE',
    'CHANGELOG.md',
  ]
  if (manifest.backend) patterns.push(manifest.backend.entry, `${manifest.backend.entry}.map`)
  if (manifest.data?.migrations) patterns.push(`${manifest.data.migrations}/**/*`)
  const files = new Map<string, Buffer>([
    ['package.json', await packageJson(pluginDir, manifest)],
    [sbomPath, sbom],
  ])
  for await (const entry of glob(patterns, { cwd: pluginDir, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(pluginDir, file).split(path.sep).join('/')
    if (name.startsWith('dist/ui/') && name.endsWith('.map')) continue
    files.set(name, await readFile(file))
  }
  const record = await readContractRecord(pluginDir, manifest.backend && files.get(manifest.backend.entry))
  if (record) files.set(contractRecordPath, record)
  return files
}

/** Only what identifies the package: dependencies are bundled, scripts are not wanted. */
async function packageJson(pluginDir: string, manifest: PluginManifest): Promise<Buffer> {
  const { name, description } = await readSourceJson(pluginDir, 'package.json')
  const kept = { name, version: manifest.version, description, license: manifest.support.licence }
  return Buffer.from(`${JSON.stringify(kept, null, 2)}\n`)
}
