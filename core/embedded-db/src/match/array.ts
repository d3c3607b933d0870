import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { describe } from '../values/document.ts'
import { hashKey } from '../values/hash-key.ts'
import { compilePath, type ValueTest } from '../values/paths.ts'
import { asDocument, bsonType, isObject, typeOf } from '../values/types.ts'
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
  if (items.length > FEW && items.every((item) => !isObject(item) && typeOf(item) !== bsonType.regex))
    return allValues(items, context)
  const predicates = items.map((item, i) => {
    if (matched[i]) return elemMatch((item as Document).$elemMatch, context)
    if (isObject(item) && isOperatorObject(item)) throw new CommandError(2, 'BadValue', 'no $ expressions in $all')
    return implicitEquality(item, context)
  })
  return every(predicates)
}

/** Of so many values each is looked for by itself. */
const FEW = 8

/** Many values that must all be there, found in one pass over what is offered. */
function allValues(values: readonly unknown[], { collator }: MatchContext): FieldPredicate {
  const keyOf = (value: unknown): string => hashKey(value ?? null, collator)
  const keys = new Set(values.map(keyOf))
  /** Told of one value after the other, says when it has had all. */
  const finder = (): ValueTest => {
    const found = new Set<string>()
    return (value) => {
      const key = keyOf(value)
      return keys.has(key) && found.add(key).size === keys.size
    }
  }
  return {
    onPath: (path) => {
      const visit = compilePath(path, true)
      return (document) => visit(document, finder())
    },
    onValue: (value) => finder()(value),
    position: (items) => {
      const left = new Set(keys)
      return items.reduce<number>((last, item, i) => (left.delete(keyOf(item)) ? i : last), -1)
    },
  }
}

/** Whether an operator combines or replaces filters, and so asks about fields of the element and not the element itself. */
export function isLogical(operator: string | undefined): boolean {
  return (
    operator === '$and' ||
    operator === '$or' ||
    operator === '$nor' ||
    operator === '$expr' ||
    operator === '$jsonSchema' ||
    operator === '$where' ||
    operator === '$text'
  )
}

/** The test of one element: operators apply to the element itself, fields to an element that is a document (or an array read as one). */
export function elementTest(operand: Document, context: MatchContext): (item: unknown) => boolean {
  const [first] = Object.keys(operand)
  if (isOperatorObject(operand) && !isLogical(first)) return context.compileOperators(operand).onValue
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
