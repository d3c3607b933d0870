import type { Log } from '../ports.ts'

/**
 * What nobody caught. A rejected promise, and any error that belongs to a plugin, is logged with its owner and the process goes on;
 * an exception of the core's own leaves it in an unknown state, so it stops in order and exits 1.
 * @param ownerOf names the plugin that an error belongs to
 */
export function installLastResort(log: Log, ownerOf: (error: unknown) => string | undefined, stop: () => Promise<void>): void {
  process.on('unhandledRejection', (err) => log.error({ err, plugin: ownerOf(err) }, 'a rejected promise was not handled'))
  process.on('uncaughtException', (err) => {
    const plugin = ownerOf(err)
    log.error({ err, plugin }, 'an exception was not caught')
    if (plugin !== undefined) return
    const giveUp = setTimeout(() => process.exit(1), 15_000)
    giveUp.unref()
    stop().finally(() => process.exit(1))
  })
}
