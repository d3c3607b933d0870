import { sweepExpired } from '../engine/ttl.ts'
import { trimOplog } from '../engine/oplog-bound.ts'
import { toNumber } from '../values/number.ts'
import type { Server } from './server.ts'

const TICK_MS = 1000

export interface Maintenance {
  dispose(): void
}

function parameter(server: Server, name: string, fallback: number): number {
  const value = server.parameters.get(name)
  return value === undefined ? fallback : toNumber(value as never)
}

/** Runs what nobody asks for: expiry of documents, sessions, idle cursors and old oplog entries. */
export function startMaintenance(server: Server): Maintenance {
  const { engine } = server
  let nextSweep = Date.now() + parameter(server, 'ttlMonitorSleepSecs', 60) * 1000
  let busy = false
  const tick = async (): Promise<void> => {
    server.cursors.closeIdle()
    server.snapshots.expire()
    server.sessions.end(server.sessions.overdue(parameter(server, 'transactionLifetimeLimitSeconds', 60) * 1000))
    server.dataSize.check()
    if (engine.store.readOnly) return
    await trimOplog(engine)
    const period = parameter(server, 'ttlMonitorSleepSecs', 60) * 1000
    if (Date.now() < Math.min(nextSweep, Date.now() + period)) {
      nextSweep = Math.min(nextSweep, Date.now() + period)
      return
    }
    nextSweep = Date.now() + period
    if (server.parameters.get('ttlMonitorEnabled') !== false) await sweepExpired(engine)
    await engine.write((context) => server.sessions.expire(context))
  }
  const timer = setInterval(() => {
    if (busy || server.stopping) return
    busy = true
    tick()
      .catch((error: unknown) =>
        process.stderr.write(
          `embedded-db: maintenance failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        ),
      )
      .finally(() => (busy = false))
  }, TICK_MS)
  timer.unref()
  return { dispose: () => clearInterval(timer) }
}
