import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { renumber } from '../engine/sessions.ts'
import type { Session } from '../engine/sessions.ts'
import { Transaction } from '../engine/transaction.ts'
import { isObject, typeName } from '../values/types.ts'
import type { Command } from './command.ts'
import { apiOf, checkSameApi, checkSessionFields, checkStatement } from './transaction-rules.ts'
import type { Server } from './server.ts'

/** How a command stands to its session. */
export type SessionEntry =
  | { kind: 'none'; session: Session | undefined }
  /** A write that the driver may send again under the same number. */
  | { kind: 'retryable'; session: Session }
  /** A statement of a transaction, or its end. */
  | { kind: 'transaction'; session: Session }

/** The commands that a driver may send again under a transaction number. */
export const RETRYABLE = new Set(['insert', 'update', 'delete', 'findAndModify', 'bulkWrite'])

function numberOf(value: unknown): bigint {
  if (value instanceof Long) return value.toBigInt()
  throw new CommandError(
    14,
    'TypeMismatch',
    `BSON field 'OperationSessionInfo.txnNumber' is the wrong type '${typeName(value)}', expected type 'long'`,
  )
}

const LSID_FIELDS = new Set(['id', 'uid', 'txnNumber', 'txnUUID'])

/** The id of a logical session. @throws CommandError 14, 40414 or 40415 when it is none */
export function sessionId(lsid: unknown): Document {
  if (isObject(lsid)) {
    if (lsid.id === undefined)
      throw new CommandError(40414, 'Location40414', "BSON field 'lsid.id' is missing but a required field")
    const unknown = Object.keys(lsid).find((field) => !LSID_FIELDS.has(field))
    if (unknown) throw new CommandError(40415, 'Location40415', `BSON field 'lsid.${unknown}' is an unknown field.`)
  }
  if (!isObject(lsid) || !(lsid.id instanceof Binary) || lsid.id.length() !== 16)
    throw new CommandError(
      14,
      'TypeMismatch',
      "BSON field 'lsid' is the wrong type, expected type 'object' with a UUID 'id'",
    )
  return lsid
}

function openSession(server: Server, body: Document): Session | undefined {
  return body.lsid === undefined ? undefined : server.sessions.open(sessionId(body.lsid))
}

/** Matches a command's lsid, txnNumber and autocommit with what its session has done, and starts transactions. */
export function enterSession(server: Server, command: Command, name: string, body: Document): SessionEntry {
  checkSessionFields(body)
  if (body.txnNumber === undefined) return { kind: 'none', session: openSession(server, body) }
  const number = numberOf(body.txnNumber)
  if (number < 0n) throw new CommandError(72, 'InvalidOptions', 'Transaction number cannot be negative')
  if (body.autocommit === undefined && !RETRYABLE.has(command.name))
    throw new CommandError(
      50768,
      'NotARetryableWriteCommand',
      `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${name} is not a retryable write command.`,
    )
  if (body.autocommit === false) checkStatement(command, name, body)
  const session = server.sessions.open(sessionId(body.lsid))
  if (number < session.txnNumber) {
    throw new CommandError(
      225,
      'TransactionTooOld',
      `Cannot start transaction with { txnNumber: ${number} } on session ${session.name} because a newer transaction with txnNumber ${session.txnNumber} has already started on this session.`,
    )
  }
  if (body.autocommit === undefined) return enterRetryable(server, session, number)
  if (body.startTransaction === true) return startTransaction(server, session, number, apiOf(body))
  if (number > session.txnNumber || session.state === 'retryable' || session.state === 'none')
    throw noSuchTransaction(session, number)
  if (session.state !== 'aborted' && session.api !== undefined) checkSameApi(session.api, name, body)
  if (name === 'commitTransaction' || name === 'abortTransaction') return { kind: 'transaction', session }
  return continueTransaction(session, number)
}

function advance(server: Server, session: Session, number: bigint): void {
  server.sessions.end([session.name])
  renumber(session, number)
}

function enterRetryable(server: Server, session: Session, number: bigint): SessionEntry {
  if (number !== session.txnNumber) {
    advance(server, session, number)
    session.state = 'retryable'
  } else if (session.state !== 'retryable') {
    throw new CommandError(
      217,
      'IncompleteTransactionHistory',
      'Cannot retry a retryable write that has been converted into a transaction',
    )
  }
  return { kind: 'retryable', session }
}

function startTransaction(server: Server, session: Session, number: bigint, api: string): SessionEntry {
  if (number === session.txnNumber)
    throw new CommandError(
      117,
      'ConflictingOperationInProgress',
      'Only servers in a sharded cluster can start a new transaction at the active transaction number',
    )
  advance(server, session, number)
  session.state = 'open'
  session.transaction = new Transaction(server.engine)
  session.transactionStart = performance.now()
  session.api = api
  return { kind: 'transaction', session }
}

function continueTransaction(session: Session, number: bigint): SessionEntry {
  if (session.state === 'committed')
    throw new CommandError(256, 'TransactionCommitted', `Transaction with { txnNumber: ${number} } has been committed.`)
  if (session.state !== 'open') throw noSuchTransaction(session, number)
  return { kind: 'transaction', session }
}

export function noSuchTransaction(session: Session, number = session.txnNumber): CommandError {
  return new CommandError(
    251,
    'NoSuchTransaction',
    `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
  )
}
