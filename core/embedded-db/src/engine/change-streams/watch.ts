import { Timestamp } from 'bson'
import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { isObject, typeName } from '../../values/types.ts'
import type { Engine } from '../engine.ts'
import { wasTrimmed } from '../oplog-bound.ts'
import { edgeOfLog, laterBy, readEntries, timeKey } from '../oplog.ts'
import type { LogEntry } from '../oplog.ts'
import { Table, tableRange } from '../keyspace.ts'
import { shellText } from '../shell-text.ts'
import { decodeToken, encodeToken, END_OF_ENTRY, highWaterMark } from './resume-token.ts'
import type { Position } from './resume-token.ts'

/** What a change stream was opened with. */
export interface Watch {
  /** Undefined for the whole deployment. */
  database: string | undefined
  /** Undefined for a whole database. */
  collection: string | undefined
  fullDocument: 'default' | 'updateLookup' | 'whenAvailable' | 'required'
  fullDocumentBeforeChange: 'off' | 'whenAvailable' | 'required'
  expanded: boolean
  /** Events after this place. */
  after: Position
  /** An event too large for one document comes in fragments. */
  splits: boolean
}

const FIELDS = new Set([
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'startAfter',
  'startAtOperationTime',
  'allChangesForCluster',
  'showExpandedEvents',
  'showSystemEvents',
  'showRawUpdateDescription',
  'matchCollectionUUIDForUpdateLookup',
])

function wrongType(field: string, value: unknown, expected: string): CommandError {
  return new CommandError(
    14,
    'TypeMismatch',
    `BSON field '$changeStream.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  )
}

function oneOf<T extends string>(spec: Document, field: string, values: readonly T[], fallback: T): T {
  const value: unknown = spec[field]
  if (value === undefined) return fallback
  if (typeof value !== 'string') throw wrongType(field, value, 'string')
  if (!values.includes(value as T))
    throw new CommandError(
      2,
      'BadValue',
      `Enumeration value '${String(value)}' for field '$changeStream.${field}' is not a valid value.`,
    )
  return value as T
}

/** Reads the $changeStream stage. @throws CommandError 260, 280 or 286 when it cannot go on from the given place */
export function parseWatch(
  engine: Engine,
  spec: unknown,
  database: string,
  collection: string | undefined,
): Omit<Watch, 'splits'> {
  if (!isObject(spec))
    throw new CommandError(50808, 'Location50808', '$changeStream stage expects a document as argument')
  const unknown = Object.keys(spec).find((field) => !FIELDS.has(field))
  if (unknown)
    throw new CommandError(40415, 'Location40415', `BSON field '$changeStream.${unknown}' is an unknown field.`)
  const cluster = spec.allChangesForCluster === true
  if (cluster && (database !== 'admin' || collection !== undefined))
    throw new CommandError(
      72,
      'InvalidOptions',
      'A change stream over the whole cluster must be opened on the admin database',
    )
  if (!cluster && ['admin', 'config', 'local'].includes(database))
    throw new CommandError(
      73,
      'InvalidNamespace',
      `$changeStream may not be opened on the internal ${database} database`,
    )
  if (collection?.startsWith('system.'))
    throw new CommandError(
      73,
      'InvalidNamespace',
      `$changeStream may not be opened on the internal ${database}.${collection} collection`,
    )
  return {
    database: cluster ? undefined : database,
    collection,
    fullDocument: oneOf(spec, 'fullDocument', ['default', 'updateLookup', 'whenAvailable', 'required'], 'default'),
    fullDocumentBeforeChange: oneOf(spec, 'fullDocumentBeforeChange', ['off', 'whenAvailable', 'required'], 'off'),
    expanded: spec.showExpandedEvents === true,
    after: startPosition(engine, spec),
  }
}

function startPosition(engine: Engine, spec: Document): Position {
  const { startAtOperationTime: time }: { startAtOperationTime?: unknown } = spec
  if (time !== undefined && !(time instanceof Timestamp)) throw wrongType('startAtOperationTime', time, 'timestamp')
  const token = tokenOf(spec)
  if (!token) return time ? placeBefore(engine, checkHistory(engine, time)) : highWaterMark(engine.committedTime)
  const position = decodeToken(token)
  if (time)
    throw new CommandError(40674, 'Location40674', 'Only one type of resume option is allowed, but multiple were found')
  if (position.invalidate && spec.resumeAfter !== undefined)
    throw new CommandError(
      260,
      'InvalidResumeToken',
      'Attempting to resume a change stream using resumeAfter is not allowed from an invalidate notification',
    )
  checkHistory(engine, position.time)
  if (position.event !== END_OF_ENTRY && !engine.store.get(timeKey(position.time)))
    throw new CommandError(
      280,
      'ChangeStreamFatalError',
      `cannot resume stream; the resume token was not found. ${shellText(encodeToken(position))}`,
      { labels: ['NonResumableChangeStreamError'] },
    )
  // An invalidate follows the last event of its entry, so a new stream begins after that entry.
  return position.invalidate ? highWaterMark(position.time) : { ...position, told: true }
}

function tokenOf(spec: Document): Document | undefined {
  const [first, second] = ['resumeAfter', 'startAfter'].flatMap((field) => {
    const value: unknown = spec[field]
    if (value === undefined) return []
    if (!isObject(value)) throw wrongType(field, value, 'object')
    return [value]
  })
  if (second)
    throw new CommandError(
      50865,
      'Location50865',
      "Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage",
    )
  return first
}

/** @throws CommandError 286 when the log no longer reaches back to the time */
function checkHistory(engine: Engine, time: Timestamp): Timestamp {
  const oldest = edgeOfLog(engine.store, false)
  if (wasTrimmed(engine.store) && oldest && oldest.time.toUnsigned().compare(time.toUnsigned()) > 0) {
    throw new CommandError(
      286,
      'ChangeStreamHistoryLost',
      'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
      { labels: ['NonResumableChangeStreamError'] },
    )
  }
  return time
}

/** After all that happened before the time: an entry takes as many times as it has events, but a transaction happens at its last. */
function placeBefore(engine: Engine, time: Timestamp): Position {
  const { start } = tableRange(Table.oplog)
  for (const { key } of engine.store.range({ start, end: timeKey(time), reverse: true, keysOnly: true })) {
    const [entry] = readEntries(engine.store, timeOf(key)) as Iterable<LogEntry> as [LogEntry]
    if (entry.origin) {
      const over = time.toUnsigned().compare(entry.last.toUnsigned()) > 0
      return highWaterMark(over ? entry.last : laterBy(checkHistory(engine, entry.first), -1))
    }
    const events = time.toUnsigned().subtract(entry.time.toUnsigned()).toNumber()
    return { time: entry.time, event: Math.min(events - 1, END_OF_ENTRY), invalidate: false }
  }
  return highWaterMark(TimestampZero)
}

function timeOf(key: Buffer): Timestamp {
  return decodeToken({ _data: `${key.subarray(4).toString('hex')}0000000000` }).time
}

const TimestampZero = decodeToken({ _data: '0'.repeat(26) }).time
