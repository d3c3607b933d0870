import type { Document } from 'bson'
import { encode } from '../bson/raw.ts'
import { isLarge } from '../bson/walk.ts'
import { RawValue } from '../bson/writer.ts'
import { CommandError } from '../errors.ts'
import { CommitFailed } from '../engine/commit-queue.ts'
import { Interrupt, Turns } from '../engine/interrupt.ts'
import { prepareLongLists } from '../engine/long-lists.ts'
import { committedSource, directMode, transactionMode } from '../engine/writes/mode.ts'
import { noStatementLog, sessionStatementLog } from '../engine/writes/retry.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { typeName } from '../values/types.ts'
import type { Request } from '../wire/message.ts'
import type { Reply } from '../wire/reply.ts'
import { opensChangeStream } from './change-stream.ts'
import type { Command, CommandContext, Connection, RunningOperation } from './command.ts'
import { isRetryableCode, labelsOf } from './error-labels.ts'
import { CloseConnection } from './fail-points.ts'
import type { InjectedWriteConcernError } from './fail-points.ts'
import { checkKind } from './kinds.ts'
import { commandTable } from './registry.ts'
import type { Server } from './server.ts'
import { enterSession, RETRYABLE, sessionId } from './session-state.ts'
import { checkApi } from './stable-api.ts'
import { checkOwnCollections } from './transaction-rules.ts'
import type { SessionEntry } from './session-state.ts'
import {
  awaitsFlush,
  checkClusterTime,
  checkWriteConcern,
  NO_SIGNATURE,
  readConcernOf,
  unmetConcern,
} from './concerns.ts'
import type { ReadAt } from './concerns.ts'

/** Fields that every command takes. */
const GENERIC = new Set([
  '$db',
  'lsid',
  '$clusterTime',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'stmtId',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'comment',
  '$readPreference',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'help',
  'rawData',
  '$query',
  'databaseVersion',
  'shardVersion',
  'querySettings',
  'maxTimeMSOpOnly',
  '$audit',
  '$client',
  '$configServerState',
  '$oplogQueryData',
  '$queryOptions',
  '$replData',
  'mayBypassWriteBlocking',
  'clientOperationKey',
  'usePowerOf2Sizes',
  '$traceCtx',
  'serialization',
  'expectPrefix',
  'bypassEmptyTsReplacement',
  'encryptionInformation',
  'queryStatsKey',
])

function commandOf(body: Document): { command: Command; name: string } {
  const name = Object.keys(body)[0]
  if (name === undefined) throw new CommandError(59, 'CommandNotFound', "no such command: ''")
  const command = commandTable.get(name)
  if (!command) throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`)
  return { command, name }
}

function checkFields(command: Command, name: string, body: Document): void {
  if (!command.fields) return
  for (const field of Object.keys(body)) {
    if (!GENERIC.has(field) && !command.fields.includes(field) && field !== name)
      throw new CommandError(40415, 'Location40415', `BSON field '${command.name}.${field}' is an unknown field.`)
    const kind = command.kinds?.[field]
    if (kind) checkKind(`${command.name}.${field}`, kind, body[field])
  }
}

const LONGEST_LIMIT_MS = 2 ** 31 - 1

function timeLimit(name: string, body: Document): number | undefined {
  const value: unknown = body.maxTimeMS
  if (value === undefined || value === null) return undefined
  if (!isNumeric(value))
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field '${name}.maxTimeMS' is the wrong type '${typeName(value)}', expected types '[decimal, int, double, long]'`,
    )
  const limit = toNumber(value)
  if (!Number.isInteger(limit) || Math.abs(limit) >= 2 ** 63)
    throw new CommandError(9, 'FailedToParse', `Expected an integer: maxTimeMS: ${limit}`)
  const bound = limit < 0 ? '>= 0' : limit > LONGEST_LIMIT_MS ? `<= ${LONGEST_LIMIT_MS}` : undefined
  if (bound !== undefined)
    throw new CommandError(2, 'BadValue', `BSON field 'maxTimeMS' value must be ${bound}, actual value '${limit}'`)
  return limit
}

/** What an operation that has begun is known by, also before it has its turn in its session. */
function operationOf(
  server: Server,
  connection: Connection,
  request: Request,
  name: string,
  arrived: number,
): RunningOperation {
  const { body, raw, sequences } = request
  const waitsItself = name === 'getMore' || name === 'hello' || name === 'isMaster' || name === 'ismaster'
  const limit = waitsItself ? undefined : timeLimit(name, body)
  if (limit) server.failPoints.timeOut()
  const interrupt = new Interrupt(limit, arrived)
  const { engine } = server
  return { server, engine, connection, name, database: String(body.$db ?? 'admin'), body, raw, sequences, interrupt }
}

function contextOf(
  operation: RunningOperation,
  entry: SessionEntry,
  read: ReadAt,
  beforeWrite: () => void,
): CommandContext {
  const { server, engine, interrupt } = operation
  const transaction = entry.kind === 'transaction' ? entry.session.transaction : undefined
  const snapshot = read.snapshot ? server.snapshots.at(read.at) : undefined
  return {
    ...operation,
    session: entry.session,
    inTransaction: entry.kind === 'transaction',
    source: transaction ?? snapshot ?? committedSource(engine),
    atClusterTime: snapshot && (read.at ?? snapshot.time),
    mode: transaction ? transactionMode(transaction) : directMode(engine, interrupt),
    statements: entry.kind === 'retryable' ? sessionStatementLog(entry.session, beforeWrite) : noStatementLog,
  }
}

const TRANSACTION_ENDS = new Set(['commitTransaction', 'abortTransaction'])
/** What goes on when its client is gone. */
const OUTLIVE_CLIENT = new Set([...TRANSACTION_ENDS, 'createIndexes'])

/** Without its client a read ends; a write that has begun is done, unless it would have to wait for others. */
function whenGone({ name }: Command, interrupt: Interrupt): (error: CommandError) => void {
  return (error) => (RETRYABLE.has(name) ? interrupt.abandon(error) : interrupt.kill(error))
}

/** Runs one request and returns its reply, errors included. @throws CloseConnection for injected network faults */
export async function dispatch(server: Server, connection: Connection, request: Request): Promise<Reply> {
  const { body } = request
  const arrived = performance.now()
  let entry: SessionEntry = { kind: 'none', session: undefined }
  let name = ''
  let injected: InjectedWriteConcernError | undefined
  let endTurn: (() => void) | undefined
  let running: ReturnType<typeof server.operations.begin> | undefined
  try {
    const found = commandOf(body)
    name = found.name
    const { command } = found
    if (typeof body.$db !== 'string')
      throw new CommandError(40414, 'Location40414', "BSON field 'OpMsg.$db' is missing but a required field")
    if (command.adminOnly && body.$db !== 'admin')
      throw new CommandError(13, 'Unauthorized', `${name} may only be run against the admin database.`)
    checkFields(command, name, body)
    checkApi(command.name, body, server.parameters.get('requireApiVersion') === true)
    if (name !== 'configureFailPoint') injected = await server.failPoints.beforeCommand(name, body, connection.appName)
    const read = readConcernOf(command, body)
    checkWriteConcern(body)
    checkClusterTime(body)
    const operation = operationOf(server, connection, request, name, arrived)
    const { interrupt } = operation
    connection.gone = request.moreToCome || OUTLIVE_CLIENT.has(name) ? undefined : whenGone(command, interrupt)
    if (connection.left) connection.gone?.(connection.left)
    running = server.operations.begin(operation)
    if (body.txnNumber !== undefined && body.lsid !== undefined)
      endTurn = await server.sessions.turn(sessionId(body.lsid), interrupt)
    entry = enterSession(server, command, name, body)
    if (entry.kind === 'transaction') checkOwnCollections(command, name, body)
    // A time that a write under way has taken is readable when that write is done.
    if (read.at) await server.engine.idle()
    let closes = false
    const beforeWrite = (): void => void (closes = server.failPoints.onRetryableWrite() || closes)
    const context = contextOf(operation, entry, read, beforeWrite)
    // It may have waited until it is too late.
    interrupt.check()
    if (isLarge(request.raw, 0, request.raw.length)) await prepareLongLists(body, new Turns(interrupt))
    const reply = await command.run(context)
    if (closes) throw new CloseConnection()
    if (awaitsFlush(body)) await server.engine.store.flushed()
    return {
      ...reply,
      ...retriedReply(name, context.statements.retried),
      ...writeConcernReply(injected, body, name),
      ok: reply.ok ?? 1,
      ...times(server),
    }
  } catch (error) {
    if (error instanceof CloseConnection) throw error
    const failure = asCommandError(error)
    const endsTransaction = TRANSACTION_ENDS.has(name)
    if (entry.kind === 'transaction' && !endsTransaction && failure.code !== 251) {
      server.sessions.end([entry.session.name])
    }
    if (failure.code === 1 || failure instanceof CommitFailed) server.sessions.forget(entry.session?.name)
    const labels = labelsOf(failure, {
      inTransaction: body.autocommit === false,
      endsTransaction,
      retryableWrite: body.txnNumber !== undefined && body.autocommit === undefined,
      opensChangeStream: name === 'aggregate' && opensChangeStream(body.pipeline),
    })
    const { errorLabels: _, injected: __, ...extra } = failure.extra
    return {
      ok: 0,
      errmsg: failure.message,
      code: failure.code,
      codeName: failure.codeName,
      ...extra,
      errorLabels: labels.length > 0 ? labels : undefined,
      ...times(server),
    }
  } finally {
    if (running) server.operations.end(running)
    endTurn?.()
  }
}

/** Which statements were not done again. */
function retriedReply(name: string, retried: readonly number[]): Reply {
  if (retried.length === 0) return {}
  return name === 'findAndModify' ? { retriedStmtId: retried[0] } : { retriedStmtIds: [...retried] }
}

function writeConcernReply(injected: InjectedWriteConcernError | undefined, body: Document, name: string): Reply {
  if (injected) {
    const code = toNumber((injected.writeConcernError.code as number | undefined) ?? 0)
    const labels =
      injected.errorLabels ??
      (isRetryableCode(code) &&
      ((body.txnNumber !== undefined && body.autocommit === undefined) || TRANSACTION_ENDS.has(name))
        ? ['RetryableWriteError']
        : undefined)
    return { writeConcernError: injected.writeConcernError, errorLabels: labels }
  }
  const writeConcernError = unmetConcern(body)
  return writeConcernError ? { writeConcernError } : {}
}

/** Encoded once for all replies. */
const SIGNATURE = new RawValue(encode(NO_SIGNATURE))

/** No later than what can be read: who watches from there misses nothing of a commit that is under way. */
function times(server: Server): Reply {
  const clusterTime = server.engine.committedTime
  return { $clusterTime: { clusterTime, signature: SIGNATURE }, operationTime: clusterTime }
}

function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  const text = error instanceof Error ? error.message : String(error)
  process.stderr.write(`embedded-db: internal error: ${error instanceof Error ? (error.stack ?? text) : text}\n`)
  return new CommandError(1, 'InternalError', text)
}
