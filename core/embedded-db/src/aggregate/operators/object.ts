import type { Document } from 'bson'
import { getField, setField } from '../../values/document.ts'
import { asDocument, isObject, typeName } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import type { Expression, Scope } from '../scope.ts'
import { fail, isNullish, namedArguments, type OperatorTable, unary, variadic } from './define.ts'

function merge(values: unknown[]): unknown {
  const result: Document = {}
  for (const value of values) {
    if (isNullish(value)) continue
    if (!isObject(value))
      throw fail(40400, `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`)
    for (const [name, item] of Object.entries(asDocument(value))) setField(result, name, item)
  }
  return result
}

function objectToArray(value: unknown): unknown {
  if (isNullish(value)) return null
  if (!isObject(value)) throw fail(40390, `$objectToArray requires a document input, found: ${typeName(value)}`)
  return Object.entries(asDocument(value)).map(([k, v]) => ({ k, v: v as unknown }))
}

function fieldName(operator: string, expression: unknown, scope: Scope): string {
  const name = constantOf(scope.compile(expression, scope))?.value
  if (typeof name !== 'string') throw fail(4161107, `${operator} requires 'field' to evaluate to a constant String`)
  return name
}

function getFieldOf(operand: unknown, scope: Scope, name: string): Expression {
  const isNamed = isObject(operand) && !Object.keys(operand).some((key) => key.startsWith('$'))
  const given = isNamed ? namedArguments(operand, name, ['field', 'input']) : { field: operand }
  const field = scope.compile(given.field, scope)
  const input = 'input' in given ? scope.compile(given.input, scope) : scope.compile('$$CURRENT', scope)
  return (root, variables) => {
    const key = field(root, variables)
    if (typeof key !== 'string')
      throw fail(3041704, `${name} requires 'field' to evaluate to type String, but got ${typeName(key)}`)
    const value = input(root, variables)
    if (value === null) return null
    return isObject(value) ? getField(asDocument(value), key) : undefined
  }
}

function setFieldOf(operand: unknown, scope: Scope, name: string): Expression {
  const given =
    name === '$unsetField'
      ? { ...namedArguments(operand, name, ['field', 'input']), value: '$$REMOVE' }
      : namedArguments(operand, name, ['field', 'input', 'value'])
  const { field, input, value } = given as Record<string, unknown>
  const key = fieldName(name, field, scope)
  const read = scope.compile(input, scope)
  const compute = scope.compile(value, scope)
  return (root, variables) => {
    const target = read(root, variables)
    if (isNullish(target)) return null
    if (!isObject(target)) throw fail(4161105, `${name} requires 'input' to evaluate to type Object`)
    const result = { ...asDocument(target) }
    const computed = compute(root, variables)
    if (computed === undefined) delete result[key]
    else setField(result, key, computed)
    return result
  }
}

export const objectOperators: OperatorTable = {
  $mergeObjects: variadic(0, Infinity, (values) => {
    // With one argument that is an array, its documents are merged.
    const [only] = values
    return merge(values.length === 1 && Array.isArray(only) ? (only as unknown[]) : values)
  }),
  $objectToArray: unary(objectToArray),
  $getField: getFieldOf,
  $setField: setFieldOf,
  $unsetField: setFieldOf,
}
