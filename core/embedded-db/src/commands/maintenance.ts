import { inspect } from 'node:util'
import { sweepExpired } from '../engine/ttl.ts'
import { trimOplog } from '../engine/oplog-bound.ts'
import { toNumber } from '../values/number.ts'
import { CommandError } from '../errors.ts'
import { log } from './server.ts'
import type { Server } from './server.ts'

const TICK_MS = 1000

export interface Maintenance {
  dispose(): void
}

function parameter(server: Server, name: string, fallback: number): number {
  const value = server.parameters.get(name)
  return value === undefined ? fallback : toNumber(value as never)
}

/** Ends cursors, snapshots and transactions that are past their time, on a clock that nobody sets. */
export function endOverdue(server: Server): void {
  server.cursors.closeIdle()
  const idle = new Set(server.sessions.endIdle())
  // Also those that asked for no timeout: nobody is left to close them.
  if (idle.size > 0) server.cursors.closeWhere(({ session }) => session !== undefined && idle.has(session))
  server.snapshots.expire()
  server.sessions.end(server.sessions.overdue(parameter(server, 'transactionLifetimeLimitSeconds', 60) * 1000))
}

/** Runs what nobody asks for: expiry of documents, sessions, idle cursors and old oplog entries. */
export function startMaintenance(server: Server): Maintenance {
  const { engine } = server
  let lastSweep = performance.now()
  let busy = false
  let lastFailure = ''
  const clear = async (): Promise<void> => {
    await trimOplog(engine)
    if (performance.now() - lastSweep < parameter(server, 'ttlMonitorSleepSecs', 60) * 1000) return
    lastSweep = performance.now()
    if (server.parameters.get('ttlMonitorEnabled') !== false) await sweepExpired(engine)
    await engine.write((context) => server.sessions.expire(context))
    lastFailure = ''
  }
  /** Once for each reason: a full disk would be told every second, to a log that needs room. */
  const tell = (error: unknown): void => {
    const text = error instanceof CommandError ? error.message : inspect(error)
    if (text !== lastFailure) log(`maintenance failed: ${text}`)
    lastFailure = text
  }
  const timer = setInterval(() => {
    if (server.stopping) return
    endOverdue(server)
    server.dataSize.check()
    // What is removed may take minutes, and nobody waits that long for an overdue transaction.
    if (busy || engine.store.readOnly) return
    busy = true
    clear()
      .catch(tell)
      .finally(() => (busy = false))
  }, TICK_MS)
  timer.unref()
  return { dispose: () => clearInterval(timer) }
}
