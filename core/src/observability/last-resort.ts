import type { Log } from '../ports.ts'

/**
 * What nobody caught. The plugin host contains and charges what belongs to a plugin; anything else leaves the process in an unknown
 * state: it is recorded and the process ends at once, which stored data and child processes are made for.
 * @param ownerOf names the plugin that an error belongs to
 */
export function installLastResort(log: Log, ownerOf: (error: unknown) => string | undefined): void {
  const end = (err: unknown, message: string) => {
    if (ownerOf(err) !== undefined) return
    log.error({ err }, message)
    process.exit(1)
  }
  process.on('unhandledRejection', (err) => end(err, 'a rejected promise was not handled; the process ends'))
  process.on('uncaughtException', (err) => end(err, 'an exception was not caught; the process ends'))
}
