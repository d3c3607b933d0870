import type { Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { isObject } from '../../values/types.ts'

/** Whether documents are asked for as they lie in the collection, `{ $natural: ±1 }`. */
export function isNatural(sort: Document | undefined): boolean {
  return sort !== undefined && Object.hasOwn(sort, '$natural')
}

/** @throws CommandError 2 for a natural order that is none, or that stands beside fields or the hint of an index */
export function checkNatural(sort: Document | undefined, hint: unknown): void {
  if (!sort || !isNatural(sort)) return
  const bad = (message: string): CommandError => new CommandError(2, 'BadValue', message)
  const way: unknown = sort.$natural
  if (Object.keys(sort).length > 1) throw bad("Cannot include '$natural' in compound sort")
  if (!isNumeric(way) || Math.abs(toNumber(way)) !== 1)
    throw bad('$natural sort cannot be set to a value other than -1 or 1.')
  const ofIndex = typeof hint === 'string' || (isObject(hint) && Object.keys(hint).length > 0 && !isNatural(hint))
  if (ofIndex) throw bad('Cannot use a $natural sort with the hint of an index')
}
