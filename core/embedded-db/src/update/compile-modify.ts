import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isLogical } from '../match/array.ts'
import { equalityTest, regexTest } from '../match/comparison.ts'
import { compileFilter } from '../match/filter.ts'
import { isOperatorObject } from '../match/operator-object.ts'
import { compileOperators } from '../match/operators.ts'
import type { MatchContext } from '../match/predicate.ts'
import { describe } from '../values/document.ts'
import { asDocument, bsonType, isObject, typeName, typeOf } from '../values/types.ts'
import { arrayOperators } from './array-operators.ts'
import { fieldOperators } from './field-operators.ts'
import { type CompileContext, removed } from './mutation.ts'
import { createNode, insertLeaf, sortTree, type UpdateNode } from './tree.ts'
import { filterIdentifier, isPositional, parseUpdatePath } from './update-path.ts'
import { checkDestination, sourceValue } from './rename.ts'

const operators = new Map(Object.entries({ ...fieldOperators, ...arrayOperators }))

/**
 * The operators of an update document as a tree of changes, all checked, a path of each array filter's name, and whether one
 * goes to the element that the query matched. Errors: 9, 40, and those of paths and operands.
 */
export function compileModify(
  update: Document,
  match: MatchContext,
): { root: UpdateNode; identifiers: Map<string, string>; matched: boolean } {
  const root = createNode()
  const identifiers = new Map<string, string>()
  let matched = false
  const context: CompileContext = {
    collator: match.collator,
    compileElementTest: (condition) => pullTest(condition, match),
  }
  for (const [name, fields] of Object.entries(update)) {
    const operator = operators.get(name)
    if (!operator && name !== '$rename') {
      throw new CommandError(
        9,
        'FailedToParse',
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      )
    }
    if (!isObject(fields)) {
      throw new CommandError(
        9,
        'FailedToParse',
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${describe(fields)}}`,
      )
    }
    for (const [path, operand] of Object.entries(fields)) {
      const names = parseUpdatePath(path)
      matched ||= names.includes('$')
      for (const each of names) {
        const identifier = filterIdentifier(each)
        if (identifier) identifiers.set(identifier, path)
      }
      if (operator) insertLeaf(root, names, operator(operand, path, context))
      else compileRename(root, path, names, operand)
    }
  }
  sortTree(root)
  return { root, identifiers, matched }
}

/** The test of $pull: operators ask the element as they ask a field, so also the elements of an array in the array. */
function pullTest(condition: unknown, match: MatchContext): (item: unknown) => boolean {
  if (typeOf(condition) === bsonType.regex) return regexTest(condition)
  if (!isObject(condition)) return equalityTest(condition, match.collator)
  const [first] = Object.keys(condition)
  if (isOperatorObject(condition) && !isLogical(first)) {
    const test = compileOperators(condition, match).onPath('item')
    return (item) => test({ item })
  }
  const test = compileFilter(condition, match)
  return (item) => isObject(item) && test(asDocument(item))
}

function compileRename(root: UpdateNode, path: string, names: string[], target: unknown): void {
  if (typeof target !== 'string')
    throw new CommandError(2, 'BadValue', `The 'to' field for $rename must be a string: ${path}: ${describe(target)}`)
  const to = parseUpdatePath(target)
  if (path === target)
    throw new CommandError(2, 'BadValue', `The source and target field for $rename must differ: ${path}: "${target}"`)
  if (names.some(isPositional))
    throw new CommandError(2, 'BadValue', `The source field for $rename may not be dynamic: ${path}`)
  if (to.some(isPositional))
    throw new CommandError(2, 'BadValue', `The destination field for $rename may not be dynamic: ${target}`)
  insertLeaf(root, names, {
    creates: false,
    apply: (current, context) => (sourceValue(context.original, names) === undefined ? current : removed),
  })
  insertLeaf(root, to, {
    creates: true,
    apply: (current, context) => {
      const value = sourceValue(context.original, names)
      if (value === undefined) return current
      checkDestination(context.original, to)
      return value
    },
  })
}
