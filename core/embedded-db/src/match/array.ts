import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { describe } from '../values/document.ts'
import { asDocument, isObject } from '../values/types.ts'
import { implicitEquality } from './comparison.ts'
import { isOperatorObject } from './operator-object.ts'
import { arrayPredicate, every, type FieldPredicate, type MatchContext, never } from './predicate.ts'

function size(operand: unknown): FieldPredicate {
  const length = isNumeric(operand) ? toNumber(operand) : undefined
  const wanted =
    length === undefined ? 'a number in' : Number.isInteger(length) ? 'a non-negative number in' : 'an integer'
  if (length === undefined || !Number.isInteger(length) || length < 0)
    throw new CommandError(2, 'BadValue', `Failed to parse $size. Expected ${wanted}: $size: ${describe(operand)}`)
  return arrayPredicate((items) => items.length === length)
}

function all(operand: unknown, context: MatchContext): FieldPredicate {
  if (!Array.isArray(operand)) throw new CommandError(2, 'BadValue', '$all needs an array')
  const items = operand as unknown[]
  if (items.length === 0) return never
  const matched = items.map((item) => isObject(item) && '$elemMatch' in item)
  if (matched.some(Boolean) && !matched.every(Boolean))
    throw new CommandError(2, 'BadValue', '$all/$elemMatch has to be consistent')
  const predicates = items.map((item, i) => {
    if (matched[i]) return elemMatch((item as Document).$elemMatch, context)
    if (isObject(item) && isOperatorObject(item)) throw new CommandError(2, 'BadValue', 'no $ expressions in $all')
    return implicitEquality(item, context)
  })
  return every(predicates)
}

/** The test of one element: operators apply to the element itself, fields to an element that is a document (or an array read as one). */
export function elementTest(operand: Document, context: MatchContext): (item: unknown) => boolean {
  const [first] = Object.keys(operand)
  const logical =
    first === '$and' || first === '$or' || first === '$nor' || first === '$expr' || first === '$jsonSchema'
  if (isOperatorObject(operand) && !logical) return context.compileOperators(operand).onValue
  const test = context.compileFilter(operand)
  return (item) => {
    if (Array.isArray(item)) return test(Object.fromEntries(item.entries()))
    return isObject(item) && test(asDocument(item))
  }
}

function elemMatch(operand: unknown, context: MatchContext): FieldPredicate {
  if (!isObject(operand)) throw new CommandError(2, 'BadValue', '$elemMatch needs an Object')
  const test = elementTest(operand, context)
  return arrayPredicate((items) => items.some(test), test)
}

export const arrayOperators = { $size: size, $all: all, $elemMatch: elemMatch }
