import { type Disposable, type Log, toDisposable } from '@dcesop/sdk-plugin'
import { pluginOf } from './generation/attribution.ts'

/**
 * Catches what plugin code leaves uncaught (a rejection nobody handles, a throw in a timer), and charges it to the plugin. What
 * is nobody's stays fatal, as Node intends.
 */
export function containUncaught(log: Log, charge: (plugin: string) => void): Disposable {
  const contain = (error: unknown, message: string) => {
    const plugin = pluginOf(error)
    if (plugin === undefined) throw error
    log.error({ err: error, plugin }, message)
    charge(plugin)
  }
  const onRejection = (reason: unknown) => contain(reason, 'a plugin left a rejection unhandled')
  const onException = (error: unknown) => contain(error, 'a plugin threw outside a request')
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return toDisposable(() => {
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
  })
}
