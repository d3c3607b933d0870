import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { Log } from '../ports.ts'

/** A part of the host that can be stopped; says how long its stop took. */
export function part(name: string, log: Log, stop: () => Promise<void>): Disposable {
  return toDisposable(async () => {
    const startedAt = performance.now()
    await stop()
    log.info({ part: name, ms: Math.round(performance.now() - startedAt) }, 'stopped')
  })
}
