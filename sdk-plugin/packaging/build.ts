import { execFile } from 'node:child_process'
import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { manifestPages } from '../src/manifest/pages.ts'
import { schemaInPackage } from '../src/package/file-list.ts'
import { compileSource, declarationOf } from './compile.ts'
import { internal, packedPackageJson } from './package-json.ts'

const root = path.resolve(import.meta.dirname, '..')
const source = path.join(root, 'src')
const run = promisify(execFile)

/**
 * Writes the SDK as partners install it: one JavaScript module and one declaration for each source, and what goes with them.
 * @param target folder that becomes the package, for `npm pack`
 */
export async function buildPackage(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  await Promise.all([compileAll(path.join(target, 'dist')), declareAll(path.join(target, 'dist')), copyRest(target)])
}

async function compileAll(out: string): Promise<void> {
  for (const file of await sources()) {
    const text = await readFile(path.join(source, file), 'utf8')
    const { file: name, code } = (await compileSource(file, text)) ?? { file, code: text }
    await mkdir(path.dirname(path.join(out, name)), { recursive: true })
    await writeFile(path.join(out, name), code)
  }
}

/** Into a folder of its own, and from there those of the sources that are packed. */
async function declareAll(out: string): Promise<void> {
  const compiler = path.resolve(import.meta.dirname, '../../node_modules/vue-tsc/bin/vue-tsc.js')
  const config = path.join(import.meta.dirname, 'tsconfig.json')
  await run(process.execPath, [compiler, '-p', config]).catch((error: { stdout?: string }) => {
    throw new Error(`Declarations could not be written:\n${error.stdout ?? String(error)}`)
  })
  for (const file of await sources()) {
    const name = declarationOf(file)
    if (name) await cp(path.join(root, 'dist/declarations', name), path.join(out, name))
  }
}

/** Paths below `src` of what the package is made of. */
async function sources(): Promise<string[]> {
  const files: string[] = []
  for await (const entry of glob('**/*', { cwd: source, withFileTypes: true })) {
    if (!entry.isFile() || /\.spec\.ts$|^test-server\.ts$|\.md$/.test(entry.name)) continue
    const file = path.relative(source, path.join(entry.parentPath, entry.name))
    if (!file.startsWith(internal.folder)) files.push(file)
  }
  return files
}

async function copyRest(target: string): Promise<void> {
  const ours = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Parameters<
    typeof packedPackageJson
  >[0]
  await writeFile(path.join(target, 'package.json'), `${JSON.stringify(packedPackageJson(ours), null, 2)}\n`)
  const program = await readFile(path.join(root, 'bin/dcesop.mjs'), 'utf8')
  await mkdir(path.join(target, 'bin'))
  await writeFile(path.join(target, 'bin/dcesop.mjs'), program.replace('../src/cli/main.ts', '../dist/cli/main.js'), {
    mode: 0o755,
  })
  const schema = path.basename(schemaInPackage)
  await writeFile(path.join(target, schema), manifestPages().get(schema) ?? '')
  for (const name of ['README.md', 'templates']) {
    await cp(path.join(root, name), path.join(target, name), { recursive: true })
  }
}
