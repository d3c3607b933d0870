import { ObjectId } from 'bson'
import type { Engine } from '../engine/engine.ts'
import { CursorRegistry } from '../engine/cursors.ts'
import { SessionRegistry } from '../engine/sessions.ts'
import { DataSizeWatch } from '../engine/data-size.ts'
import { noRecovery } from '../engine/recovery.ts'
import type { Recovery } from '../engine/recovery.ts'
import { SnapshotHistory } from '../engine/snapshot-history.ts'
import { FailPoints } from './fail-points.ts'
import { RunningOperations } from './running-operations.ts'

/** One line on standard error; standard output is for the ready line. */
export function log(message: string): void {
  process.stderr.write(`embedded-db: ${message}\n`)
}

/** What all connections share besides the stored state. */
export class Server {
  readonly engine: Engine
  readonly cursors = new CursorRegistry()
  readonly sessions: SessionRegistry
  readonly snapshots: SnapshotHistory
  readonly failPoints = new FailPoints()
  readonly operations = new RunningOperations()
  readonly processId = new ObjectId()
  /** On the clock of `performance`, which nobody sets. */
  readonly started = performance.now()
  readonly parameters = new Map<string, unknown>()
  readonly dataSize: DataSizeWatch
  recovery: Recovery = noRecovery
  /** host:port, or the escaped path of a Unix socket. */
  host = ''
  connections = 0
  totalConnections = 0
  stopping = false
  private readonly pauses = new Set<() => void>()

  constructor(engine: Engine) {
    this.engine = engine
    this.snapshots = new SnapshotHistory(engine)
    this.sessions = new SessionRegistry(engine.store)
    this.dataSize = new DataSizeWatch(engine.store, log)
  }

  /** Waits for `ms`, or until the server stops. */
  pause(ms: number): Promise<void> {
    if (this.stopping) return Promise.resolve()
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.pauses.add(end)
    })
  }

  /** Wakes what waits, closes cursors and aborts transactions. */
  stop(): void {
    this.stopping = true
    for (const end of [...this.pauses]) end()
    this.cursors.closeWhere(() => true)
    this.sessions.end(this.sessions.names())
    this.snapshots.expire(0)
  }
}
