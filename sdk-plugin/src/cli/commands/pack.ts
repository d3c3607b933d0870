import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { makeFolder } from '../../host/make-folder.ts'
import { finding, PackageError, type PackageFinding } from '../../findings/finding.ts'
import { packageLimits } from '../../package/limits.ts'
import { packFiles } from '../../package/pack.ts'
import { readPackage } from '../../package/read.ts'
import { OtherAlgorithm, readPrivateKey } from '../../signing/keys.ts'
import { checkPlugin } from '../check.ts'
import { type Command, textOf, UsageError } from '../command.ts'
import { systemSentence } from '../text/system-error.ts'
import { t } from '../text/text.ts'
import { writeWhole } from '../write-whole.ts'

export const packCommand: Command = {
  options: { out: { type: 'string' }, key: { type: 'string' } },
  async run(typed) {
    const { file, bytes } = await packPlugin(path.resolve(typed.target), textOf(typed, 'out'), textOf(typed, 'key'))
    const kib = Math.ceil(bytes.length / 1024)
    console.log(t('pack.done', { file: path.relative(process.cwd(), file), kib }))
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
  // What the author wrote comes first: a compiler says less of it.
  refuse(await checkPlugin(pluginDir, { built: false }))
  const manifest = await buildPlugin(pluginDir)
  refuse(await checkPlugin(pluginDir))
  const files = await collectPackageFiles(pluginDir, manifest)
  const bytes = await packFiles(files, keys)
  // Sizes are known only now; what a host would not read is not left behind.
  refuse(sizeFindings(files, bytes.length))
  await readPackage(bytes)
  const file = path.join(out, `${manifest.id}-${manifest.version}.tgz`)
  makeFolder(out)
  await writeWhole(file, bytes)
  const { name } = JSON.parse(String(files.get('package.json'))) as { name: string }
  return { file, bytes, name, version: manifest.version }
}

function sizeFindings(files: ReadonlyMap<string, Buffer>, packed: number): PackageFinding[] {
  const sizes = [...files].map(([name, { length }]) => [name, length] as const).sort(([, a], [, b]) => b - a)
  const unpacked = sizes.reduce((sum, [, size]) => sum + size, 0)
  const mib = (size: number) => `${(size / 1024 / 1024).toFixed(1)} MiB`
  const largest = sizes.slice(0, 3).map(([name, size]) => `${name} (${mib(size)})`)
  const over = (code: 'package-size.packed' | 'package-unpacked-size.unpacked', size: number, most: number) =>
    size <= most ? [] : [finding(code, { size: mib(size), most: mib(most), largest: largest.join(', ') })]
  return [
    ...over('package-size.packed', packed, packageLimits.packedBytes),
    ...over('package-unpacked-size.unpacked', unpacked, packageLimits.unpackedBytes),
  ]
}

function refuse(findings: readonly PackageFinding[]): void {
  if (findings.length > 0) throw new PackageError(findings)
}

/** A publisher's private key. @throws UsageError */
export async function readKey(file: string) {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${systemSentence(error, file)} ${t('key.make')}`)
  })
  if (pem.includes('PUBLIC KEY')) throw new UsageError(t('key.public', { file }))
  try {
    return readPrivateKey(pem)
  } catch (error) {
    if (error instanceof OtherAlgorithm) throw new UsageError(t('key.algorithm', { file }))
    const isLocked = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE'
    throw new UsageError(t(isLocked ? 'key.locked' : 'key.none', { file }))
  }
}
