import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { PackageError } from '../package/findings.ts'
import { checkPlugin } from './check.ts'

const usage = `dcesop: build, check and pack a DCESOP plugin

  dcesop build [DIR]                bundle backend and remote into DIR/dist
  dcesop check [DIR]                manifest, catalogues, user interface, packed content
  dcesop pack  [DIR] [--out DIR]    build, check, and write <id>-<version>.tgz
  dcesop verify FILE.tgz            check a packed plugin

DIR is the folder with dcesop.plugin.json; default is the current one.`

/** Runs one command. Exit status: 0 done, 1 refused with findings, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  const [command, target = '.'] = positionals
  if (values.help || !command) return say(usage, values.help ? 0 : 2)
  try {
    if (command === 'build') return await build(path.resolve(target))
    if (command === 'check') return await check(path.resolve(target))
    if (command === 'pack') return await pack(path.resolve(target), values.out)
    if (command === 'verify') return await verify(path.resolve(target))
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    for (const { rule, evidence, fix } of error.findings) console.error(`${rule}: ${evidence}\n  ${fix}`)
    return 1
  }
  return say(`dcesop: "${command}" is not a command.\n\n${usage}`, 2)
}

function say(text: string, status: number): number {
  ;(status === 0 ? console.log : console.error)(text)
  return status
}

async function build(pluginDir: string): Promise<number> {
  const { buildPlugin } = await import('../build/plugin.ts')
  const manifest = await buildPlugin(pluginDir)
  return say(`built ${manifest.id} ${manifest.version}`, 0)
}

async function check(pluginDir: string): Promise<number> {
  const findings = await checkPlugin(pluginDir)
  if (findings.length > 0) throw new PackageError(findings)
  return say('no findings', 0)
}

async function pack(pluginDir: string, out = path.join(pluginDir, 'dist')): Promise<number> {
  const { buildPlugin } = await import('../build/plugin.ts')
  const { collectPackageFiles } = await import('../build/collect.ts')
  const { packFiles } = await import('../package/pack.ts')
  const manifest = await buildPlugin(pluginDir)
  const findings = await checkPlugin(pluginDir)
  if (findings.length > 0) throw new PackageError(findings)
  const tarball = await packFiles(await collectPackageFiles(pluginDir, manifest))
  const file = path.join(out, `${manifest.id}-${manifest.version}.tgz`)
  await mkdir(out, { recursive: true })
  await writeFile(file, tarball)
  return say(`packed ${path.relative(process.cwd(), file)} (${Math.ceil(tarball.length / 1024)} KiB)`, 0)
}

async function verify(file: string): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const { readPackage } = await import('../package/read.ts')
  const { manifest, sha512, files } = await readPackage(await readFile(file))
  return say(`${manifest.id} ${manifest.version}: ${files.size} files, sha512 ${sha512}`, 0)
}
