import { spawn } from 'node:child_process'
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire, getCompileCacheDir } from 'node:module'
import { constants, tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readSource } from '../../build/read-source.ts'
import type { ContractNote } from '../../package/contract-record.ts'
import { manifestPath } from '../../package/file-list.ts'
import { type Command, UsageError } from '../command.ts'
import { t } from '../text/text.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `**\/*.spec.ts` with Node's own test runner: types are stripped, no configuration, nothing to install. Behind `--` stands
 * another runner, which knows its specs itself. When all passed, a record of the consumers' contracts that they kept is left for
 * the package.
 */
export const testCommand: Command = {
  options: { watch: { type: 'boolean' }, only: { type: 'string' } },
  runsProgram: true,
  async run({ target, values, program }) {
    const pluginDir = path.resolve(target)
    // Below a folder that is none, all that looks like a spec would run.
    await readSource(pluginDir, manifestPath)
    const only = values['only'] === undefined ? [] : ['--test-name-pattern', String(values['only'])]
    // A server that a failed spec left open must not keep the command from saying what failed.
    const [watch, once] = values['watch'] ? [['--watch'], []] : [[], ['--test-force-exit']]
    if (program && (program.length === 0 || watch.length + only.length > 0)) throw new UsageError(t('test.runner'))
    const folder = await mkdtemp(path.join(tmpdir(), 'dcesop-test-'))
    try {
      const [notes, count] = [path.join(folder, 'kept'), path.join(folder, 'ran')]
      const counted = only.length > 0 && watch.length === 0
      const options = [...watch, ...once, ...only, ...(counted ? reporters(count) : [])]
      const [command = '', ...args] = program ?? (await nodeTest(pluginDir, options))
      const code = await runSpecs(pluginDir, command, args, notes)
      // A name that is misspelt must not look as if its test had passed.
      if (counted && (await linesOf(count)) === '0')
        throw new UsageError(t('test.only', { only: String(values['only']) }))
      // Some of the specs say nothing of the others.
      if (watch.length === 0 && only.length === 0) await recordContracts(pluginDir, code === 0 ? notes : undefined)
      return code
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

async function nodeTest(pluginDir: string, options: readonly string[]): Promise<string[]> {
  if (!hasSdk(pluginDir)) throw new UsageError(t('test.sdk', { folder: pluginDir }))
  const specs = await specsOf(pluginDir)
  if (specs.length === 0) throw new UsageError(t('test.none', { folder: pluginDir }))
  return [process.execPath, '--disable-warning=ExperimentalWarning', '--test', ...options, ...specs]
}

/** Whether the specs will find it: Node's own words for that are a stack. */
function hasSdk(pluginDir: string): boolean {
  try {
    createRequire(path.join(pluginDir, manifestPath)).resolve('@dcesop/sdk-plugin/package.json')
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND'
  }
}

/** What Node prints otherwise, and beside it a file with the number of tests that ran. */
function reporters(count: string): string[] {
  const counting = path.join(import.meta.dirname, `../count-tests${path.extname(import.meta.filename)}`)
  return [
    ...['--test-reporter', 'spec', '--test-reporter-destination', 'stdout'],
    ...['--test-reporter', pathToFileURL(counting).href, '--test-reporter-destination', count],
  ]
}

function runSpecs(cwd: string, command: string, args: readonly string[], notes: string): Promise<number> {
  const child = spawn(command, args, {
    cwd,
    // There, npx and the runners are scripts.
    shell: process.platform === 'win32' && command !== process.execPath,
    // Each spec file is a process; without the cache each compiles the SDK again.
    env: { ...process.env, NODE_COMPILE_CACHE: getCompileCacheDir(), DCESOP_KEPT_CONTRACTS: notes },
    stdio: 'inherit',
  })
  // The terminal's Ctrl-C reaches the runner, too, which ends; what is left here is to clear up.
  const passOn = (signal: NodeJS.Signals) => void (signal !== 'SIGINT' && child.kill(signal))
  for (const signal of signals) process.on(signal, passOn)
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  }).finally(() => {
    for (const signal of signals) process.off(signal, passOn)
  })
}

/** @param notes file with a line for each contract that was kept, if any was */
async function recordContracts(pluginDir: string, notes: string | undefined): Promise<void> {
  const { forgetContractRecord, writeContractRecord } = await import('../../build/contract-record-file.ts')
  const lines = notes === undefined ? '' : await linesOf(notes)
  const noted = lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as ContractNote]))
  if (noted.length === 0) return forgetContractRecord(pluginDir)
  const { readSourceManifest } = await import('../../build/source-manifest.ts')
  const manifest = await readSourceManifest(pluginDir)
  const kept = await writeContractRecord(pluginDir, manifest, noted)
  for (const { consumer, capability, sha256 } of kept)
    console.log(t('test.kept', { consumer, capability, digest: sha256.slice(0, 12) }))
  for (const { consumer, capability, plugin } of noted)
    if (!plugin && Object.hasOwn(manifest.provides ?? {}, capability))
      console.log(t('test.standIn', { consumer, capability }))
}

async function linesOf(notes: string): Promise<string> {
  return readFile(notes, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
}

async function specsOf(pluginDir: string): Promise<string[]> {
  const found: string[] = []
  const exclude = (name: string) => /(^|[\\/])(node_modules|dist)$/.test(name)
  for await (const file of glob('**/*.spec.ts', { cwd: pluginDir, exclude })) found.push(file)
  return found.sort()
}
