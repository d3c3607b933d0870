import { isNumeric, toNumber } from '../../values/number.ts'
import { compileSorter } from '../../values/sort.ts'
import { compareValues } from '../../values/compare.ts'
import { isTruthy } from '../../values/truthy.ts'
import { isObject, typeName } from '../../values/types.ts'
import { checkVariableName, type Expression, extendScope, type Scope } from '../scope.ts'
import { fail, isNullish, namedArguments, type OperatorTable } from './define.ts'

function variableName(value: unknown): string {
  if (value === undefined) return 'this'
  if (typeof value !== 'string') throw fail(16866, 'variable name must be a string')
  checkVariableName(value)
  return value
}

function map(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['input', 'in'], ['as'])
  const input = scope.compile(given.input, scope)
  const inner = extendScope(scope, [variableName(given.as)])
  const slot = inner.slots[0] as number
  const body = scope.compile(given.in, inner.scope)
  return (root, variables) => {
    const items = input(root, variables)
    if (isNullish(items)) return null
    if (!Array.isArray(items)) throw fail(16883, `input to $map must be an array not ${typeName(items)}`)
    return (items as unknown[]).map((item) => {
      variables[slot] = item
      return body(root, variables) ?? null
    })
  }
}

function filter(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['input', 'cond'], ['as', 'limit'])
  const input = scope.compile(given.input, scope)
  const limit = scope.compile(given.limit, scope)
  const inner = extendScope(scope, [variableName(given.as)])
  const slot = inner.slots[0] as number
  const condition = scope.compile(given.cond, inner.scope)
  return (root, variables) => {
    const items = input(root, variables)
    if (isNullish(items)) return null
    if (!Array.isArray(items)) throw fail(28651, `input to $filter must be an array not ${typeName(items)}`)
    const most = limit(root, variables)
    const room = isNullish(most) ? Infinity : isNumeric(most) ? toNumber(most) : Number.NaN
    if (room !== Infinity && !Number.isInteger(room))
      throw fail(327391, `$filter: limit must be represented as a 32-bit integral value: ${String(most)}`)
    if (room < 1) throw fail(327392, `$filter: limit must be greater than 0: ${room}`)
    const kept: unknown[] = []
    for (const item of items as unknown[]) {
      if (kept.length >= room) break
      variables[slot] = item
      if (isTruthy(condition(root, variables))) kept.push(item)
    }
    return kept
  }
}

function reduce(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['input', 'initialValue', 'in'])
  const input = scope.compile(given.input, scope)
  const initial = scope.compile(given.initialValue, scope)
  const inner = extendScope(scope, ['this', 'value'])
  const [self, accumulated] = inner.slots as [number, number]
  const body = scope.compile(given.in, inner.scope)
  return (root, variables) => {
    const items = input(root, variables)
    if (isNullish(items)) return null
    if (!Array.isArray(items)) throw fail(40080, `$reduce requires that 'input' be an array, found: ${typeName(items)}`)
    let value = initial(root, variables)
    for (const item of items as unknown[]) {
      variables[self] = item
      variables[accumulated] = value
      value = body(root, variables)
    }
    return value
  }
}

function zip(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['inputs'], ['useLongestLength', 'defaults'])
  if (!Array.isArray(given.inputs))
    throw fail(34461, `inputs must be an array of expressions, found ${typeName(given.inputs)}`)
  if (given.inputs.length === 0) throw fail(34465, '$zip requires at least one input array')
  const inputs = (given.inputs as unknown[]).map((item) => scope.compile(item, scope))
  const longest = given.useLongestLength ?? false
  if (typeof longest !== 'boolean') throw fail(34463, `useLongestLength must be a bool, found ${typeName(longest)}`)
  if (given.defaults !== undefined && !Array.isArray(given.defaults))
    throw fail(34462, `defaults must be an array of expressions, found ${typeName(given.defaults)}`)
  if (given.defaults !== undefined && !longest)
    throw fail(34466, 'cannot specify defaults unless useLongestLength is true')
  if (given.defaults !== undefined && given.defaults.length !== inputs.length)
    throw fail(34467, 'defaults and inputs must have the same length')
  const defaults = (given.defaults as unknown[] | undefined)?.map((item) => scope.compile(item, scope))
  return (root, variables) => {
    const arrays = inputs.map((input) => input(root, variables))
    if (arrays.some(isNullish)) return null
    const wrong = arrays.find((array) => !Array.isArray(array))
    if (wrong !== undefined) throw fail(34468, `$zip found a non-array expression in input: ${typeName(wrong)}`)
    const lists = arrays as unknown[][]
    const choose = longest ? Math.max : Math.min
    const length = lists.reduce((chosen, list) => choose(chosen, list.length), longest ? 0 : Infinity)
    return Array.from({ length }, (_, i) =>
      lists.map((list, k) => (i < list.length ? (list[i] ?? null) : (defaults?.[k]?.(root, variables) ?? null))),
    )
  }
}

/** The order of $sortArray and $push: a sort pattern for documents, or 1 or -1 for whole values. */
export function compileItemOrder(sortBy: unknown, scope: Pick<Scope, 'collator'>): (a: unknown, b: unknown) => number {
  if (isObject(sortBy)) {
    const sorter = compileSorter(sortBy, scope.collator)
    const keyOf = (item: unknown): unknown[] => sorter.keyOf(isObject(item) ? item : {})
    return (a, b) => sorter.compareKeys(keyOf(a), keyOf(b))
  }
  const direction = isNumeric(sortBy) ? toNumber(sortBy) : Number.NaN
  if (direction !== 1 && direction !== -1)
    throw fail(2942507, `Invalid sort direction: expected 1 or -1, or a document of them`)
  return (a, b) => compareValues(a, b, scope.collator) * direction
}

function sortArray(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['input', 'sortBy'])
  const input = scope.compile(given.input, scope)
  const order = compileItemOrder(given.sortBy, scope)
  return (root, variables) => {
    const items = input(root, variables)
    if (isNullish(items)) return null
    if (!Array.isArray(items))
      throw fail(2942504, `The input argument to $sortArray must be an array, but was of type: ${typeName(items)}`)
    return (items as unknown[]).toSorted(order)
  }
}

export const arrayFunctionOperators: OperatorTable = {
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $zip: zip,
  $sortArray: sortArray,
}
