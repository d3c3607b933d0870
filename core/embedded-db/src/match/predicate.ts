import type { Document } from 'bson'
import type { CommandError } from '../errors.ts'
import type { Collator } from '../values/collation.ts'
import { compilePath, type ValueTest } from '../values/paths.ts'

export type DocumentTest = (document: Document) => boolean

/** What a query operator compiles to, before it is bound to a path. */
export interface FieldPredicate {
  /** The test of a document at a path, with fan-out through arrays. */
  onPath(path: string): DocumentTest
  /** The test of one value by itself, as $elemMatch and $pull apply it. */
  onValue: ValueTest
  /** The position of the element of an array that satisfies it, for the positional operator; -1 when none does. */
  position(items: readonly unknown[]): number
}

/** What compilation of a filter needs besides the filter. */
export interface MatchContext {
  collator: Collator | undefined
  /** Compiles `$expr`; given by the caller so that match does not depend on aggregation. */
  compileExpression(expression: unknown): (document: Document) => unknown
  /** Whether it stands inside $elemMatch. */
  nested?: boolean
  /** Why $expr, $jsonSchema, $where or $text may not stand in this filter; undefined when it may. */
  refuse?: ((operator: string) => CommandError | undefined) | undefined
  /** Compiles the filter inside $elemMatch. */
  compileFilter(filter: Document): DocumentTest
  /** Told of each $near; refuses it where documents come in another order. Absent where it is not offered: a validator, a partial index, a change stream. */
  foundNear?: (() => void) | undefined
  /** Compiles the operators inside $elemMatch. */
  compileOperators(operators: Document): FieldPredicate
}

/** A test of single values; `expand` offers the elements of an array as well as the array. */
export function leafPredicate(test: ValueTest, expand = true): FieldPredicate {
  return {
    onPath: (path) => {
      const visit = compilePath(path, expand)
      return (document) => visit(document, test)
    },
    onValue: test,
    position: (items) => (expand ? items.findIndex(test) : -1),
  }
}

/** A test of a whole array, whose `item` finds the element that satisfied it. */
export function arrayPredicate(test: (items: readonly unknown[]) => boolean, item?: ValueTest): FieldPredicate {
  const predicate = leafPredicate((value) => Array.isArray(value) && test(value), false)
  return { ...predicate, position: (items) => (item ? items.findIndex(item) : -1) }
}

export function negate(predicate: FieldPredicate): FieldPredicate {
  return {
    onPath: (path) => {
      const test = predicate.onPath(path)
      return (document) => !test(document)
    },
    onValue: (value) => !predicate.onValue(value),
    position: () => -1,
  }
}

export function every(predicates: readonly FieldPredicate[]): FieldPredicate {
  const [only] = predicates
  if (predicates.length === 1 && only) return only
  return {
    onPath: (path) => everyTest(predicates.map((predicate) => predicate.onPath(path))),
    onValue: (value) => predicates.every((predicate) => predicate.onValue(value)),
    position: (items) => predicates.reduce((found, predicate) => Math.max(found, predicate.position(items)), -1),
  }
}

export function everyTest(tests: readonly DocumentTest[]): DocumentTest {
  const [first, second] = tests
  if (!first) return () => true
  if (tests.length === 1) return first
  if (tests.length === 2 && second) return (document) => first(document) && second(document)
  return (document) => {
    for (const test of tests) if (!test(document)) return false
    return true
  }
}

export const never: FieldPredicate = { onPath: () => () => false, onValue: () => false, position: () => -1 }
