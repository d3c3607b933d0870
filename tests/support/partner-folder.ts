import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.resolve(import.meta.dirname, '../..')
const node = path.join(root, 'node_modules/.bin/node')
const run = promisify(execFile)

/** A partner's folder outside of the work tree, with the packed SDK installed and nothing else of ours. */
export interface Partner {
  readonly dir: string
  /** Runs a shell command there, as the partner types it. */
  sh(command: string, env?: NodeJS.ProcessEnv): Promise<{ status: number | null; out: string }>
  dispose(): Promise<void>
}

/** The tarball that `npm run pack -w sdk-plugin` makes; packed anew when the sources changed. */
export async function packedSdk(): Promise<string> {
  const script = `const { buildSdkPackage } = await import('./config/scripts/lib/build.mjs'); await buildSdkPackage()`
  await run(node, ['--input-type=module', '-e', script], { cwd: root })
  const folder = path.join(root, 'dist/sdk')
  const found = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (!found) throw new Error(`There is no packed SDK in ${folder}.`)
  return path.join(folder, found)
}

export async function openPartner(): Promise<Partner> {
  const dir = await mkdtemp(path.join(tmpdir(), 'dcesop-partner-'))
  await installSdk(dir)
  return {
    dir,
    sh: (command, env = {}) =>
      new Promise((resolve, reject) => {
        const PATH = `${path.dirname(node)}:${process.env['PATH'] ?? ''}`
        const child = spawn('sh', ['-c', command], {
          cwd: dir,
          env: {
            PATH: `${path.join(dir, 'node_modules/.bin')}:${PATH}`,
            HOME: dir,
            CI: 'true',
            DCESOP_LANG: 'en',
            ...env,
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        let out = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
        child.on('error', reject)
        child.on('close', (status) => resolve({ status, out }))
      }),
    dispose: () => rm(dir, { recursive: true, force: true }),
  }
}

/**
 * What `npm install <packed SDK>` does, without a network: the package is unpacked, and only what its package.json names is beside it.
 * Anything that it uses without saying so is not found.
 */
async function installSdk(dir: string): Promise<void> {
  const target = path.join(dir, 'node_modules/@dcesop/sdk-plugin')
  await mkdir(target, { recursive: true })
  await run('tar', ['-xzf', await packedSdk(), '--strip-components=1', '-C', target])
  const { dependencies, bin } = JSON.parse(await readFile(path.join(target, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    bin: { dcesop: string }
  }
  const others = ['typescript', 'vue-tsc', '@types/node', '@playwright/test', '@axe-core/playwright']
  for (const name of [...Object.keys(dependencies), ...others]) {
    const link = path.join(dir, 'node_modules', name)
    await mkdir(path.dirname(link), { recursive: true })
    await symlink(await installedFolder(name), link)
  }
  await mkdir(path.join(dir, 'node_modules/.bin'), { recursive: true })
  await symlink(path.join(target, bin.dcesop), path.join(dir, 'node_modules/.bin/dcesop'))
}

/** The SDK's own version of a package where it differs from the workspace's. */
async function installedFolder(name: string): Promise<string> {
  const own = path.join(root, 'sdk-plugin/node_modules', name)
  const has = await readdir(own).then(
    () => true,
    () => false,
  )
  return has ? own : path.join(root, 'node_modules', name)
}
