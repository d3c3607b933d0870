import { Binary } from 'bson'
import type { Document } from 'bson'
import type { Interrupt } from '../engine/interrupt.ts'
import { nameOfSession, shownSession } from '../engine/sessions.ts'
import { CommandError } from '../errors.ts'
import { isObject } from '../values/types.ts'
import { long } from './arguments.ts'
import type { RunningOperation } from './command.ts'

/** What each command counts as, and the field of its statements. */
const KINDS = {
  find: { kind: 'query', statements: undefined },
  getMore: { kind: 'getmore', statements: undefined },
  insert: { kind: 'insert', statements: 'documents' },
  update: { kind: 'update', statements: 'updates' },
  delete: { kind: 'remove', statements: 'deletes' },
} as const
const COMMAND = { kind: 'command', statements: undefined } as const
type Kind = (typeof KINDS)[keyof typeof KINDS]['kind'] | 'command'

function kindOf(name: string): { kind: Kind; statements: string | undefined } {
  return Object.hasOwn(KINDS, name) ? KINDS[name as keyof typeof KINDS] : COMMAND
}

/** An operation at work. */
interface Running {
  /** The number that killOp takes. */
  opid: number
  operation: RunningOperation
  since: number
  /** Its place among all. */
  place: number
}

const interrupted = (): CommandError => new CommandError(11601, 'Interrupted', 'operation was interrupted')

/** The operations at work; in no Map, whose old tables would keep them and all they hold (docs/adr/0019). */
export class RunningOperations {
  private readonly places: (Running | undefined)[] = []
  private readonly free: number[] = []
  private readonly counts: Record<Kind, number> = { insert: 0, query: 0, update: 0, remove: 0, getmore: 0, command: 0 }
  private last = 0

  /** Each is to be given to {@link end} once. */
  begin(operation: RunningOperation): Running {
    const { kind, statements } = kindOf(operation.name)
    const listed: unknown = statements && (operation.sequences.get(statements) ?? operation.body[statements])
    this.counts[kind] += Array.isArray(listed) ? listed.length : 1
    const place = this.free.pop() ?? this.places.length
    return (this.places[place] = { opid: ++this.last, operation, since: performance.now(), place })
  }

  end({ place }: Running): void {
    this.places[place] = undefined
    this.free.push(place)
  }

  kill(opid: number): void {
    this.places.find((one) => one?.opid === opid)?.operation.interrupt.kill(interrupted())
  }

  /** Ends what runs or waits in sessions, named by the hex of their ids, other than the operation that asks for it. */
  killInSessions(names: ReadonlySet<string>, asking: Interrupt): void {
    for (const one of this.places) {
      const lsid: unknown = one?.operation.body.lsid
      if (!one || one.operation.interrupt === asking) continue
      if (isObject(lsid) && lsid.id instanceof Binary && names.has(nameOfSession(lsid)))
        one.operation.interrupt.kill(interrupted())
    }
  }

  /** How many of each kind since the start, as serverStatus gives them. */
  counters(): Document {
    const { remove, ...counts } = this.counts
    return Object.fromEntries(Object.entries({ ...counts, delete: remove }).map(([kind, n]) => [kind, long(n)]))
  }

  list(): Document[] {
    const running = this.places.filter((one) => one !== undefined).toSorted((a, b) => a.opid - b.opid)
    return running.map(({ opid, operation, since }) => {
      const { server, connection, name, database, body } = operation
      const target: unknown = name === 'getMore' ? body.collection : body[name]
      const { kind, statements = '' } = kindOf(name)
      const { [statements]: _, ...command } = body
      const time = performance.now() - since
      return {
        type: 'op',
        host: server.host,
        desc: `conn${connection.id}`,
        connectionId: connection.id,
        client: connection.remote,
        ...(connection.appName !== undefined && { appName: connection.appName }),
        ...(connection.clientMetadata && { clientMetadata: connection.clientMetadata }),
        active: true,
        currentOpTime: new Date().toISOString(),
        opid,
        ...(isObject(body.lsid) && { lsid: shownSession(body.lsid) }),
        secs_running: long(Math.floor(time / 1000)),
        microsecs_running: long(Math.floor(time * 1000)),
        op: kind,
        ns: `${database}.${typeof target === 'string' ? target : name === 'aggregate' ? '$cmd.aggregate' : '$cmd'}`,
        command,
      }
    })
  }
}
