import { CommandError } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isTruthy } from '../values/truthy.ts'
import { bsonType, isNumberType, typeNumberOfAlias, typeOf } from '../values/types.ts'
import { type FieldPredicate, leafPredicate, negate } from './predicate.ts'

const exists = leafPredicate((value) => value !== undefined)

const knownNumbers = new Set<number>(Object.values(bsonType).filter((type) => type !== bsonType.missing))

function typeNumbers(operand: unknown): number[] {
  if (typeof operand === 'string') {
    if (operand === 'number') return [bsonType.int, bsonType.long, bsonType.double, bsonType.decimal]
    const number = typeNumberOfAlias(operand)
    if (number === undefined) throw new CommandError(2, 'BadValue', `Unknown type name alias: ${operand}`)
    return [number]
  }
  if (!isNumeric(operand))
    throw new CommandError(14, 'TypeMismatch', 'type must be represented as a number or a string')
  const number = toNumber(operand)
  if (!knownNumbers.has(number)) {
    const instead = number === 0 ? '. Instead use {$exists:false}.' : ''
    throw new CommandError(2, 'BadValue', `Invalid numerical type code: ${number}${instead}`)
  }
  return [number]
}

/** The test for one or more type aliases or numbers; also used by $jsonSchema's bsonType. */
export function typeTest(operand: unknown): (value: unknown) => boolean {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand]
  if (list.length === 0) throw new CommandError(9, 'FailedToParse', '$type must match at least one type')
  const numbers = new Set(list.flatMap(typeNumbers))
  if (numbers.size === 4 && [...numbers].every(isNumberType)) return (value) => isNumberType(typeOf(value))
  return (value) => numbers.has(typeOf(value))
}

export const elementOperators = {
  $exists: (operand: unknown): FieldPredicate => (isTruthy(operand) ? exists : negate(exists)),
  $type: (operand: unknown): FieldPredicate => leafPredicate(typeTest(operand)),
}
