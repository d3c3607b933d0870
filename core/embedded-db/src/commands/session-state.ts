import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { renumber } from '../engine/sessions.ts'
import type { Session } from '../engine/sessions.ts'
import { Transaction } from '../engine/transaction.ts'
import { isObject } from '../values/types.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import type { Command } from './command.ts'
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
  if (isNumeric(value) && Number.isSafeInteger(toNumber(value))) return BigInt(toNumber(value))
  throw new CommandError(14, 'TypeMismatch', "BSON field 'txnNumber' is the wrong type, expected type 'long'")
}

/** The id of a logical session. @throws CommandError 14 when it is none */
export function sessionId(lsid: unknown): Document {
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
  const session = openSession(server, body)
  if (body.txnNumber === undefined) {
    if (body.autocommit !== undefined)
      throw new CommandError(
        72,
        'InvalidOptions',
        "'autocommit' field requires a transaction number to also be specified",
      )
    if (body.startTransaction !== undefined)
      throw new CommandError(
        72,
        'InvalidOptions',
        "'startTransaction' field requires a transaction number to also be specified",
      )
    return { kind: 'none', session }
  }
  if (!session)
    throw new CommandError(72, 'InvalidOptions', 'Transaction number requires a session ID to also be specified')
  const number = numberOf(body.txnNumber)
  if (number < 0n) throw new CommandError(72, 'InvalidOptions', 'Transaction number cannot be negative')
  if (number < session.txnNumber) {
    throw new CommandError(
      225,
      'TransactionTooOld',
      `Cannot start transaction with { txnNumber: ${number} } on session ${session.name} because a newer transaction with txnNumber ${session.txnNumber} has already started on this session.`,
    )
  }
  if (body.autocommit === undefined && !RETRYABLE.has(command.name))
    throw new CommandError(
      50768,
      'NotARetryableWriteCommand',
      `txnNumber may only be provided for multi-document transactions and retryable write commands. autocommit:false was not provided, and ${name} is not a retryable write command.`,
    )
  if (body.autocommit === undefined) return enterRetryable(server, session, number)
  if (body.autocommit !== false) throw new CommandError(72, 'InvalidOptions', "'autocommit' must be false")
  if (name === 'commitTransaction' || name === 'abortTransaction') return enterEnd(session, number, body)
  if (!command.transactional)
    throw new CommandError(
      263,
      'OperationNotSupportedInTransaction',
      `Cannot run '${name}' in a multi-document transaction.`,
    )
  if (body.$db === 'local' || body.$db === 'config')
    throw new CommandError(
      263,
      'OperationNotSupportedInTransaction',
      `Cannot run command against the '${body.$db}' database in a transaction.`,
    )
  return body.startTransaction === true
    ? startTransaction(server, session, number)
    : continueTransaction(session, number)
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
      50768,
      'NotARetryableWriteCommand',
      `txnNumber ${number} was used by a transaction on session ${session.name}`,
    )
  }
  return { kind: 'retryable', session }
}

function startTransaction(server: Server, session: Session, number: bigint): SessionEntry {
  if (number === session.txnNumber)
    throw new CommandError(
      50911,
      'ConflictingOperationInProgress',
      `Cannot start a transaction at given transaction number ${number} a transaction with the same number is in state ${session.state}`,
    )
  advance(server, session, number)
  session.state = 'open'
  session.transaction = new Transaction(server.engine)
  session.transactionStart = performance.now()
  return { kind: 'transaction', session }
}

function continueTransaction(session: Session, number: bigint): SessionEntry {
  if (number > session.txnNumber || session.state === 'retryable') throw noSuchTransaction(session, number)
  if (session.state === 'committed')
    throw new CommandError(256, 'TransactionCommitted', `Transaction with { txnNumber: ${number} } has been committed.`)
  if (session.state !== 'open') throw noSuchTransaction(session, number)
  return { kind: 'transaction', session }
}

function enterEnd(session: Session, number: bigint, body: Document): SessionEntry {
  if (body.startTransaction !== undefined)
    throw new CommandError(72, 'InvalidOptions', 'startTransaction is not allowed at the end of a transaction')
  if (number > session.txnNumber || session.state === 'retryable' || session.state === 'none')
    throw noSuchTransaction(session, number)
  return { kind: 'transaction', session }
}

export function noSuchTransaction(session: Session, number = session.txnNumber): CommandError {
  return new CommandError(
    251,
    'NoSuchTransaction',
    `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
  )
}
