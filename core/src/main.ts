import { expectShortLives, StartRefused, stopOnSignals } from '@dcesop/sdk-plugin/host'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { Host } from './composition/start-host.ts'
import { forgetSecrets } from './config/environment.ts'
import { loadConfig } from './config/load.ts'
import { installLastResort } from './observability/last-resort.ts'
import { createLog } from './observability/log.ts'
import { pluginOf } from './plugins/generation/attribution.ts'

/** The host process: `DCESOP ready on …` on standard output when the main job works, exit 0 on SIGTERM, exit 1 with a sentence otherwise. */
async function main(): Promise<void> {
  const root = join(import.meta.dirname, '../..')
  const config = loadConfig(process.env, root)
  forgetSecrets(process.env)
  const log = createLog(config.log.level)
  // Only now: who made a mistake there need not wait for all of the host to be loaded.
  const { startHost } = await import('./composition/start-host.ts')
  const { createPluginHost } = await import('./plugins/plugin-host.ts')
  // Not before: what is kept compiled is for the options that V8 has when it is loaded, and other processes share it.
  expectShortLives()
  // V8 collects a heap that grows slowly at each tenth of it: the long answer of one plugin made that four times a second, for everybody.
  setFlagsFromString('--heap-growing-percent=300')
  const running: { host?: Host } = {}
  installLastResort(log, pluginOf)
  // Before the first start is complete there is nothing to drain: the children end with us, and stored data survives any end.
  stopOnSignals(async () => running.host?.stop())
  running.host = await startHost({ config, root, log, clock: { now: () => new Date() }, createPluginHost })
  console.log(`DCESOP ready on ${running.host.url}`)
  // What was compiled is kept for the next start, also when this process is killed.
  flushCompileCache()
}

main().catch((error: unknown) => {
  console.error(error instanceof StartRefused ? error.message : error)
  process.exit(1)
})
