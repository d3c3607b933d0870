import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import { type Command, UsageError } from '../command.ts'

/** Runs `**\/*.spec.ts` with Node's own test runner: types are stripped, no configuration, nothing to install. */
export const testCommand: Command = {
  options: { watch: { type: 'boolean' }, only: { type: 'string' } },
  async run({ target, values }) {
    const pluginDir = path.resolve(target)
    const specs = await specsOf(pluginDir)
    if (specs.length === 0) throw new UsageError(`There is no *.spec.ts below ${pluginDir}.`)
    const only = values['only'] === undefined ? [] : ['--test-name-pattern', String(values['only'])]
    const watch = values['watch'] ? ['--watch'] : []
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--test', ...watch, ...only, ...specs],
      {
        cwd: pluginDir,
        // Each spec file is a process; without the cache each compiles the SDK again.
        env: { ...process.env, NODE_COMPILE_CACHE: getCompileCacheDir() },
        stdio: 'inherit',
      },
    )
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code) => resolve(code ?? 1))
    })
  },
}

async function specsOf(pluginDir: string): Promise<string[]> {
  const found: string[] = []
  const exclude = (name: string) => /(^|[\\/])(node_modules|dist)$/.test(name)
  for await (const file of glob('**/*.spec.ts', { cwd: pluginDir, exclude })) found.push(file)
  return found.sort()
}
