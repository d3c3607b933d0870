import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from './config/load.ts'
import type { Json } from './config/layers.ts'
import { StartRefused } from './config/start-refused.ts'
import { createLog } from './log.ts'
import { type Registry, startRegistry } from './registry.ts'

const usage = 'usage: npm run registry -- [--port P] [--dir FOLDER]'

/** The registry process: `registry ready on …` on standard output when it serves, exit 0 on SIGTERM, exit 1 with a sentence otherwise. */
async function main(): Promise<void> {
  const root = join(import.meta.dirname, '../..')
  const config = loadConfig(process.env, root, commandLine())
  const log = createLog(config.log.level)
  const last = (err: unknown) => {
    log.error({ err }, 'something was not caught; the process ends')
    process.exit(1)
  }
  process.on('unhandledRejection', last)
  process.on('uncaughtException', last)
  const running: { registry?: Registry } = {}
  const finish = () => void Promise.resolve(running.registry?.stop()).then(() => process.exit(0), last)
  process.once('SIGTERM', finish)
  process.once('SIGINT', finish)
  running.registry = await startRegistry({ config, root, env: process.env, log })
  console.log(`registry ready on ${running.registry.url}`)
}

function commandLine(): Json {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string' }, dir: { type: 'string' } } })
    return {
      ...(values.port === undefined
        ? {}
        : { http: { port: /^\d+$/.test(values.port) ? Number(values.port) : values.port } }),
      ...(values.dir === undefined ? {} : { data: { directory: values.dir } }),
    }
  } catch (error) {
    throw new StartRefused(`${(error as Error).message}\n${usage}`)
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof StartRefused ? error.message : error)
  process.exit(1)
})
