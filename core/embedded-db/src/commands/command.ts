import type { Document, Timestamp, UUID } from 'bson'
import type { RawDocument } from '../bson/types.ts'
import type { CommandError } from '../errors.ts'
import type { Engine } from '../engine/engine.ts'
import type { Interrupt } from '../engine/interrupt.ts'
import type { ReadSource } from '../engine/query/read-source.ts'
import type { Session } from '../engine/sessions.ts'
import type { StatementLog } from '../engine/writes/retry.ts'
import type { WriteMode } from '../engine/writes/mode.ts'
import type { Kind } from './kinds.ts'
import type { Server } from './server.ts'
import type { Reply } from '../wire/reply.ts'

/** A command that has been read and has begun. */
export interface RunningOperation {
  server: Server
  engine: Engine
  /** The database it is sent to. */
  database: string
  /** Its name as sent. */
  name: string
  body: Document
  /** The body as received. */
  raw: RawDocument
  sequences: ReadonlyMap<string, RawDocument[]>
  connection: Connection
  interrupt: Interrupt
}

/** What a command runs with. */
export interface CommandContext extends RunningOperation {
  session: Session | undefined
  /** Set for a statement of a transaction. */
  inTransaction: boolean
  source: ReadSource
  /** The time that a snapshot read outside a transaction is made at. */
  atClusterTime: Timestamp | undefined
  mode: WriteMode
  statements: StatementLog
}

export interface Connection {
  id: number
  uuid: UUID
  appName: string | undefined
  remote: string
  clientMetadata: Document | undefined
  /** Tells the operation at work, unless that goes on, that the client has gone away. */
  gone: ((error: CommandError) => void) | undefined
  /** Set when it has: what it sent before is still done. */
  left: CommandError | undefined
}

export interface Command {
  name: string
  aliases?: readonly string[]
  /** The fields it knows besides the generic ones; undefined accepts any. */
  fields?: readonly string[]
  /** What some of them hold. */
  kinds?: Readonly<Record<string, Kind>>
  /** It must be sent to the admin database. */
  adminOnly?: boolean
  /** It may be a statement of a transaction. */
  transactional?: boolean
  run(context: CommandContext): Promise<Reply> | Reply
}
