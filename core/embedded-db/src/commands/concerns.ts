import { Binary, Long, Timestamp } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'
import type { Command } from './command.ts'
import { checkKind } from './kinds.ts'

/** The commands that read at a snapshot outside a transaction. */
const SNAPSHOT_COMMANDS = new Set(['find', 'aggregate', 'distinct'])
const LEVELS = new Set(['local', 'majority', 'available', 'linearizable', 'snapshot'])

/** The signature of cluster times on a server without authentication. */
export const NO_SIGNATURE = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO }

/** What a command's readConcern asks for beyond the newest committed state. */
export interface ReadAt {
  snapshot: boolean
  at: Timestamp | undefined
}

function timestamp(holder: Document, field: string, name: string): Timestamp | undefined {
  const value: unknown = holder[field]
  if (value === undefined) return undefined
  if (!(value instanceof Timestamp))
    throw new CommandError(
      14,
      'TypeMismatch',
      `BSON field '${name}.${field}' is the wrong type '${typeName(value)}', expected type 'timestamp'`,
    )
  return value
}

/** @throws CommandError 14 for a cluster time that is none; what it is matters to no other node */
export function checkClusterTime({ $clusterTime: given }: Document): void {
  if (given === undefined) return
  checkKind('$clusterTime', 'object', given)
  if (isObject(given)) timestamp(given, 'clusterTime', '$clusterTime')
}

/** On one node all levels but snapshot read the same data. */
export function readConcernOf(command: Command, body: Document): ReadAt {
  const concern: unknown = body.readConcern
  // A cursor goes on reading where it was opened.
  if (concern === undefined || command.name === 'getMore') return { snapshot: false, at: undefined }
  if (!isObject(concern))
    throw new CommandError(14, 'TypeMismatch', "BSON field 'readConcern' is the wrong type, expected type 'object'")
  const level: unknown = concern.level
  if (level !== undefined && !LEVELS.has(level as string))
    throw new CommandError(
      9,
      'FailedToParse',
      `readConcern.level must be either 'local', 'majority', 'linearizable', 'available', or 'snapshot'`,
    )
  const at = timestamp(concern, 'atClusterTime', 'readConcern')
  const after = timestamp(concern, 'afterClusterTime', 'readConcern')
  if (at && level !== 'snapshot')
    throw new CommandError(72, 'InvalidOptions', "readConcern level must be 'snapshot' when atClusterTime is set")
  if (at && after)
    throw new CommandError(
      72,
      'InvalidOptions',
      'Specifying a timestamp for readConcern snapshot in a causally consistent session is not allowed. See https://docs.mongodb.com/manual/core/read-isolation-consistency-recency/#causal-consistency',
    )
  if (body.autocommit !== undefined) {
    if (body.startTransaction !== true)
      throw new CommandError(72, 'InvalidOptions', 'Only the first command in a transaction may specify a readConcern')
    if (level === 'linearizable' || level === 'available')
      throw new CommandError(
        72,
        'InvalidOptions',
        "The readConcern level must be either 'local' (default), 'majority' or 'snapshot' in order to run in a transaction",
      )
    if (at) throw notImplemented('a transaction at a chosen cluster time')
    return { snapshot: false, at: undefined }
  }
  if (level !== 'snapshot') return { snapshot: false, at: undefined }
  if (!SNAPSHOT_COMMANDS.has(command.name))
    throw new CommandError(
      72,
      'InvalidOptions',
      `Command ${command.name} does not support { readConcern: { level: "snapshot" } } :: caused by :: read concern not supported`,
    )
  return { snapshot: true, at }
}

/** Whether a write wants nothing told but that its command was understood. */
export function isUnacknowledged({ writeConcern: concern }: Document): boolean {
  return isObject(concern) && isNumeric(concern.w) && toNumber(concern.w) === 0 && concern.j !== true
}

/** Whether a write is to be answered only when it is flushed. */
export function awaitsFlush({ writeConcern: concern }: Document): boolean {
  return isObject(concern) && concern.j === true
}

/** @throws CommandError 9 for a malformed write concern */
export function checkWriteConcern(body: Document): void {
  const concern: unknown = body.writeConcern
  if (concern === undefined) return
  if (!isObject(concern))
    throw new CommandError(14, 'TypeMismatch', "BSON field 'writeConcern' is the wrong type, expected type 'object'")
  const { w } = concern
  if (body.autocommit === false && body.commitTransaction === undefined && body.abortTransaction === undefined)
    throw new CommandError(72, 'InvalidOptions', 'writeConcern is not allowed within a multi-statement transaction')
  if (isNumeric(w) && (toNumber(w) < 0 || toNumber(w) > 50))
    throw new CommandError(9, 'FailedToParse', 'w has to be a non-negative number and not greater than 50')
}

/** Why a write that is done cannot be acknowledged as its write concern asks: one node, and no modes of its own. */
export function unmetConcern({ writeConcern: concern }: Document): Document | undefined {
  const w: unknown = isObject(concern) ? concern.w : undefined
  if (isNumeric(w) && toNumber(w) > 1)
    return {
      code: 100,
      codeName: 'UnsatisfiableWriteConcern',
      errmsg: 'Not enough data-bearing nodes',
      errInfo: { writeConcern: concern as Document },
    }
  if (typeof w === 'string' && w !== 'majority')
    return {
      code: 79,
      codeName: 'UnknownReplWriteConcern',
      errmsg: `No write concern mode named '${w}' found in replica set configuration`,
      errInfo: { writeConcern: concern as Document },
    }
  return undefined
}
