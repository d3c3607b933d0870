import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject } from '../values/types.ts'

const LEVELS = new Set(['local', 'majority', 'available', 'linearizable', 'snapshot'])

/** The signature of cluster times on a server without authentication. */
export const NO_SIGNATURE = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO }

/** On one node all levels read the same data; snapshot needs a transaction here. */
export function checkReadConcern(body: Document): void {
  const concern: unknown = body.readConcern
  if (concern === undefined) return
  if (!isObject(concern))
    throw new CommandError(14, 'TypeMismatch', "BSON field 'readConcern' is the wrong type, expected type 'object'")
  const level: unknown = concern.level
  if (level !== undefined && !LEVELS.has(level as string))
    throw new CommandError(
      9,
      'FailedToParse',
      `readConcern.level must be either 'local', 'majority', 'linearizable', 'available', or 'snapshot'`,
    )
  if (level === 'snapshot' && body.autocommit === undefined)
    throw notImplemented('a snapshot read outside a transaction')
}

/** @throws CommandError 9 for a malformed write concern, 79 for a mode that is not defined */
export function checkWriteConcern(body: Document): void {
  const concern: unknown = body.writeConcern
  if (concern === undefined) return
  if (!isObject(concern))
    throw new CommandError(14, 'TypeMismatch', "BSON field 'writeConcern' is the wrong type, expected type 'object'")
  const { w } = concern
  if (body.autocommit === false && body.commitTransaction === undefined && body.abortTransaction === undefined)
    throw new CommandError(72, 'InvalidOptions', 'writeConcern is not allowed within a multi-statement transaction')
  if (w === undefined || w === 'majority') return
  if (isNumeric(w)) {
    if (toNumber(w) < 0 || toNumber(w) > 50)
      throw new CommandError(9, 'FailedToParse', 'w has to be a non-negative number and not greater than 50')
    return
  }
  throw new CommandError(
    79,
    'UnknownReplWriteConcern',
    `No write concern mode named '${String(w)}' found in replica set configuration`,
  )
}
