import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from './config/load.ts'
import { type Log, Problem } from '@dcesop/sdk-plugin'
import { expectShortLives, type Json, StartRefused, stopOnSignals } from '@dcesop/sdk-plugin/host'
import type { RegistryConfig } from './config/config.ts'
import { createLog } from './log.ts'
import type { Registry } from './registry.ts'

const usage = 'usage: npm run registry -- [--port P] [--dir FOLDER] [--make-keys | --import-advisories FILE]'

/** The registry process: `registry ready on …` on standard output when it serves, exit 0 on SIGTERM, exit 1 with a sentence otherwise. */
async function main(): Promise<void> {
  const root = join(import.meta.dirname, '../..')
  const { overrides, task } = commandLine()
  const config = loadConfig(process.env, root, overrides)
  const log = createLog(config.log.level)
  if (task) return console.log(await task(config, log))
  const last = (err: unknown) => {
    log.error({ err }, 'something was not caught; the process ends')
    process.exit(1)
  }
  process.on('unhandledRejection', last)
  process.on('uncaughtException', last)
  // Only now: who made a mistake there need not wait for all of the registry to be loaded.
  const { startRegistry } = await import('./registry.ts')
  // Not before: what is kept compiled is for the options that V8 has when it is loaded, and other processes share it.
  expectShortLives()
  const running: { registry?: Registry } = {}
  stopOnSignals(async () => running.registry?.stop())
  running.registry = await startRegistry({ config, root, env: process.env, log })
  console.log(`registry ready on ${running.registry.url}`)
  // What was compiled is kept for the next start, also when this process is killed.
  flushCompileCache()
}

interface CommandLine {
  readonly overrides: Json
  /** Done instead of serving; gives what to print. */
  readonly task: ((config: RegistryConfig, log: Log) => Promise<string>) | undefined
}

function commandLine(): CommandLine {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        dir: { type: 'string' },
        'make-keys': { type: 'boolean' },
        'import-advisories': { type: 'string' },
      },
    })
    const { 'make-keys': keys, 'import-advisories': file } = values
    const task = keys
      ? async (config: RegistryConfig) => (await import('./tasks.ts')).makeKeys(config)
      : file === undefined
        ? undefined
        : async (config: RegistryConfig, log: Log) => (await import('./tasks.ts')).importAdvisories(config, file, log)
    const overrides = {
      ...(values.port === undefined
        ? {}
        : { http: { port: /^\d+$/.test(values.port) ? Number(values.port) : values.port } }),
      ...(values.dir === undefined ? {} : { data: { directory: values.dir } }),
    }
    return { overrides, task }
  } catch (error) {
    throw new StartRefused(`${(error as Error).message}\n${usage}`)
  }
}

/** A refusal, or a file, folder or address that cannot be used: its message names it, a stack helps nobody. */
function isForOperator(error: unknown): error is Error {
  return error instanceof StartRefused || error instanceof Problem || (error instanceof Error && 'syscall' in error)
}

main().catch((error: unknown) => {
  console.error(isForOperator(error) ? error.message : error)
  process.exit(1)
})
