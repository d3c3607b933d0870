import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { makeFolder } from '../../host/make-folder.ts'
import { PackageError } from '../../package/findings.ts'
import { packFiles } from '../../package/pack.ts'
import { readPrivateKey } from '../../signing/keys.ts'
import { checkPlugin } from '../check.ts'
import { type Command, textOf, UsageError } from '../command.ts'

export const packCommand: Command = {
  options: { out: { type: 'string' }, key: { type: 'string' } },
  async run(typed) {
    const { file, bytes } = await packPlugin(path.resolve(typed.target), textOf(typed, 'out'), textOf(typed, 'key'))
    console.log(`packed ${path.relative(process.cwd(), file)} (${Math.ceil(bytes.length / 1024)} KiB)`)
    return 0
  },
}

/**
 * Builds, checks and packs a plugin.
 * @param out folder of the tarball, `dist` of the plugin when left out
 * @param key file of the publisher's private key; without one the package is not signed
 */
export async function packPlugin(
  pluginDir: string,
  out = path.join(pluginDir, 'dist'),
  key?: string,
): Promise<{ file: string; bytes: Buffer; name: string; version: string }> {
  const keys = key === undefined ? [] : [await readKey(key)]
  const { buildPlugin } = await import('../../build/plugin.ts')
  const { collectPackageFiles } = await import('../../build/collect.ts')
  const manifest = await buildPlugin(pluginDir)
  const findings = await checkPlugin(pluginDir)
  if (findings.length > 0) throw new PackageError(findings)
  const files = await collectPackageFiles(pluginDir, manifest)
  const bytes = await packFiles(files, keys)
  const file = path.join(out, `${manifest.id}-${manifest.version}.tgz`)
  makeFolder(out)
  await writeFile(file, bytes)
  const { name } = JSON.parse(String(files.get('package.json'))) as { name: string }
  return { file, bytes, name, version: manifest.version }
}

/** A publisher's private key. @throws UsageError */
export async function readKey(file: string) {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code}). "dcesop keygen" makes a key.`)
  })
  try {
    return readPrivateKey(pem)
  } catch (error) {
    throw new UsageError(`${file} is no private key of a publisher: ${(error as Error).message}`)
  }
}
