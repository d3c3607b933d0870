import { BSONSymbol, type ObjectId } from 'bson'
import { CommandError } from '../errors.ts'
import type { Collator } from '../values/collation.ts'
import { compareValues, regexParts, typeBracket } from '../values/compare.ts'
import { isKnownPlain, listKey, listKeys } from '../values/list-keys.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { compileRegexValue } from '../values/regex.ts'
import { bsonType, isObject, typeOf } from '../values/types.ts'
import type { ValueTest } from '../values/paths.ts'
import { type FieldPredicate, leafPredicate, type MatchContext, negate } from './predicate.ts'

function isNaNValue(value: unknown): boolean {
  return isNumeric(value) && Number.isNaN(toNumber(value))
}

/** Equality with one value; null also matches what is missing. */
export function equalityTest(operand: unknown, collator: Collator | undefined): ValueTest {
  const type = typeOf(operand)
  if (type === bsonType.null || type === bsonType.missing) return (value) => value === null || value === undefined
  if (type === bsonType.string && !collator)
    return (value) => value === operand || (value instanceof BSONSymbol && value.value === operand)
  if (type === bsonType.bool) return (value) => value === operand
  if (type === bsonType.objectId)
    return (value) =>
      typeof value === 'object' &&
      value !== null &&
      typeOf(value) === bsonType.objectId &&
      (operand as ObjectId).equals(value as ObjectId)
  const bracket = typeBracket(operand)
  return (value) =>
    value !== undefined && typeBracket(value) === bracket && compareValues(value, operand, collator) === 0
}

/** A regular expression matches strings it finds itself in, and the very same regular expression. */
export function regexTest(operand: unknown): ValueTest {
  const regex = compileRegexValue(operand as RegExp)
  const { pattern, options } = regexParts(operand as RegExp)
  return (value) => {
    if (typeof value === 'string') return regex.test(value)
    const type = typeOf(value)
    if (type === bsonType.symbol) return regex.test(String(value))
    if (type !== bsonType.regex) return false
    const other = regexParts(value as RegExp)
    return other.pattern === pattern && other.options === options
  }
}

function rejectRegex(operator: string, operand: unknown): void {
  if (typeOf(operand) === bsonType.regex)
    throw new CommandError(2, 'BadValue', `Can't have RegEx as arg to predicate over field '${operator}'.`)
}

type OrderTest = (order: number) => boolean

/** Ordered comparisons stay in the operand's type bracket, except against MinKey and MaxKey. */
function orderPredicate(name: string, accept: OrderTest, inclusive: boolean) {
  return (operand: unknown, context: MatchContext): FieldPredicate => {
    rejectRegex(name, operand)
    const { collator } = context
    const type = typeOf(operand)
    if (type === bsonType.null || type === bsonType.missing)
      return leafPredicate((value) => inclusive && (value === null || value === undefined))
    if (isNaNValue(operand)) return leafPredicate((value) => inclusive && isNaNValue(value))
    if (type === bsonType.minKey || type === bsonType.maxKey)
      // A missing field stands between the two as any other value does.
      return leafPredicate((value) => accept(compareValues(value ?? null, operand)))
    const bracket = typeBracket(operand)
    if (bracket === 10)
      return leafPredicate((value) => isNumeric(value) && accept(compareValues(value, operand)) && !isNaNValue(value))
    return leafPredicate(
      (value) =>
        value !== undefined && typeBracket(value) === bracket && accept(compareValues(value, operand, collator)),
    )
  }
}

export function equality(operand: unknown, context: MatchContext): FieldPredicate {
  return leafPredicate(equalityTest(operand, context.collator))
}

/** `{ field: value }`: a regular expression searches, any other value is compared. */
export function implicitEquality(operand: unknown, context: MatchContext): FieldPredicate {
  return typeOf(operand) === bsonType.regex ? leafPredicate(regexTest(operand)) : equality(operand, context)
}

function notEqual(operand: unknown, context: MatchContext): FieldPredicate {
  if (typeOf(operand) === bsonType.regex) throw new CommandError(2, 'BadValue', "Can't have regex as arg to $ne.")
  return negate(equality(operand, context))
}

function membership(operator: string) {
  return (operand: unknown, context: MatchContext): FieldPredicate => {
    if (!Array.isArray(operand)) throw new CommandError(2, 'BadValue', `${operator} needs an array`)
    const regexes: ValueTest[] = []
    for (const item of isKnownPlain(operand) ? [] : (operand as unknown[])) {
      const [first] = isObject(item) ? Object.keys(item) : []
      if (first?.startsWith('$') && !/^\$(ref|id|db)$/.test(first))
        throw new CommandError(2, 'BadValue', `cannot nest $ under ${operator}`)
      if (typeOf(item) === bsonType.regex) regexes.push(regexTest(item))
    }
    if (operand.length === 1 && regexes.length === 0) return equality((operand as unknown[])[0], context)
    const { collator } = context
    const keys = listKeys(operand as unknown[], collator)
    return leafPredicate((value) => keys.has(listKey(value, collator)) || regexes.some((test) => test(value)))
  }
}

const inPredicate = membership('$in')
const notInMembership = membership('$nin')

export const comparisonOperators = {
  $eq: equality,
  $ne: notEqual,
  $gt: orderPredicate('$gt', (order) => order > 0, false),
  $gte: orderPredicate('$gte', (order) => order >= 0, true),
  $lt: orderPredicate('$lt', (order) => order < 0, false),
  $lte: orderPredicate('$lte', (order) => order <= 0, true),
  $in: inPredicate,
  $nin: (operand: unknown, context: MatchContext) => negate(notInMembership(operand, context)),
}
