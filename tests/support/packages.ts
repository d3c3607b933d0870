import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildPlugin, collectPackageFiles } from '@dcesop/sdk-plugin/build'
import { packFiles } from '@dcesop/sdk-plugin/package'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * Packs a plugin's source folder as another version, with a change to its files if wanted: how tests get "the next release".
 * The sources are copied, so the working tree is not touched.
 */
export async function packVersion(
  sourceDir: string,
  version: string,
  change: (dir: string) => Promise<void> = async () => {},
): Promise<Buffer> {
  return packFiles(await builtFiles(sourceDir, version, change))
}

/** Builds a plugin's source folder once, and packs it under one version after the other. For plugins without a UI. */
export async function packVersions(sourceDir: string): Promise<(version: string) => Promise<Buffer>> {
  const built = await builtFiles(sourceDir, '0.0.0', async () => {})
  return (version) => {
    const files = new Map(built)
    for (const name of ['dcesop.plugin.json', 'package.json']) {
      const content = JSON.parse(String(built.get(name))) as Record<string, unknown>
      files.set(name, Buffer.from(JSON.stringify({ ...content, version })))
    }
    return packFiles(files)
  }
}

async function builtFiles(
  sourceDir: string,
  version: string,
  change: (dir: string) => Promise<void>,
): Promise<Map<string, Buffer>> {
  const parent = await mkdtemp(path.join(tmpdir(), 'dcesop-pack-'))
  try {
    const dir = path.join(parent, 'plugins', path.basename(sourceDir))
    await cp(path.join(root, sourceDir), dir, {
      recursive: true,
      filter: (file) => !['node_modules', 'dist'].includes(path.basename(file)),
    })
    await symlink(path.join(root, 'node_modules'), path.join(parent, 'node_modules'))
    const own = path.join(root, sourceDir, 'node_modules')
    if (existsSync(own)) await symlink(own, path.join(dir, 'node_modules'))
    for (const name of ['dcesop.plugin.json', 'package.json']) {
      const file = path.join(dir, name)
      const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
      await writeFile(file, JSON.stringify({ ...content, version }))
    }
    await change(dir)
    const manifest = await buildPlugin(dir)
    return await collectPackageFiles(dir, manifest)
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
}
