import { Long } from 'bson'
import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { compileCollation } from '../values/collation.ts'
import type { Collator } from '../values/collation.ts'
import type { Collection } from '../engine/collection.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'
import type { CommandContext } from './command.ts'
import { checkCollectionUuid } from './uuid-mismatch.ts'

function mismatch(context: CommandContext, field: string, value: unknown, expected: string): CommandError {
  return new CommandError(
    14,
    'TypeMismatch',
    `BSON field '${context.name}.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  )
}

/** The first field of a command, which names its collection. */
export function collectionName(context: CommandContext, field = context.name): string {
  const value: unknown = context.body[field]
  if (typeof value !== 'string')
    throw new CommandError(73, 'InvalidNamespace', `collection name has invalid type ${typeName(value)}`)
  if (value === '' || value.includes('\0'))
    throw new CommandError(73, 'InvalidNamespace', `Invalid namespace specified '${context.database}.${value}'`)
  if (value === 'oplog.rs' && context.database === 'local')
    throw notImplemented('the collection local.oplog.rs (open a change stream instead)')
  checkCollectionUuid(context, value)
  return value
}

export function optionalNumber(context: CommandContext, field: string): number | undefined {
  const value: unknown = context.body[field]
  if (value === undefined || value === null) return undefined
  if (!isNumeric(value)) throw mismatch(context, field, value, 'number')
  return toNumber(value)
}

/** A number that must not be negative. */
export function optionalCount(context: CommandContext, field: string): number | undefined {
  const value = optionalNumber(context, field)
  if (value !== undefined && !(value >= 0))
    throw new CommandError(51024, 'Location51024', `BSON field '${field}' value must be >= 0, actual value '${value}'`)
  return value === undefined ? undefined : Math.floor(value)
}

/** True for true and for numbers other than 0, as MongoDB's safeBool. */
export function flag(value: unknown): boolean {
  return value === true || (isNumeric(value) && toNumber(value) !== 0)
}

export function optionalDocument(context: CommandContext, field: string): Document | undefined {
  const value: unknown = context.body[field]
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw mismatch(context, field, value, 'object')
  return value
}

export function requiredArray(context: CommandContext, field: string): unknown[] {
  const value: unknown = context.body[field]
  if (value === undefined)
    throw new CommandError(
      40414,
      'Location40414',
      `BSON field '${context.name}.${field}' is missing but a required field`,
    )
  if (!Array.isArray(value)) throw mismatch(context, field, value, 'array')
  return value as unknown[]
}

/** The collation of a query: its own, else its collection's. */
export function queryCollator(own: unknown, collection: Collection | undefined): Collator | undefined {
  return compileCollation((own as Document | undefined) ?? (collection?.options.collation as Document | undefined))
}

export function long(value: number | bigint): Long {
  return typeof value === 'bigint' ? Long.fromBigInt(value) : Long.fromNumber(value)
}
