import type { Document } from 'bson'
import { CommandError, notImplemented } from '../errors.ts'
import { describe, setField } from '../values/document.ts'
import { compileFieldPath } from '../values/paths.ts'
import { asDocument, isObject } from '../values/types.ts'
import { constant, fold } from './constants.ts'
import { operatorTable } from './operators/table.ts'
import type { Expression, Scope } from './scope.ts'

/** A checked field path. Errors: 15998, 16410, 40352, 40353. */
export function checkFieldPath(path: string): void {
  if (path === '') throw new CommandError(40352, 'Location40352', 'FieldPath cannot be constructed with empty string')
  if (path.endsWith('.')) throw new CommandError(40353, 'Location40353', "FieldPath must not end with a '.'.")
  for (const name of path.split('.')) {
    if (name === '') throw new CommandError(15998, 'Location15998', 'FieldPath field names may not be empty strings.')
    if (name.startsWith('$'))
      throw new CommandError(
        16410,
        'Location16410',
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      )
    if (name.includes('\0'))
      throw new CommandError(16411, 'Location16411', 'FieldPath field names may not contain null bytes.')
  }
}

function compileVariable(text: string, scope: Scope): Expression {
  const dot = text.indexOf('.')
  const name = dot < 0 ? text : text.slice(0, dot)
  const rest = dot < 0 ? undefined : text.slice(dot + 1)
  if (dot >= 0) checkFieldPath(text)
  const read = rest === undefined ? undefined : compileFieldPath(rest)
  const slot = scope.slots.get(name)
  if (slot !== undefined) {
    scope.onRead?.(slot)
    if (scope.known?.has(slot)) {
      const value = scope.known.get(slot)
      return constant(read ? read(value) : value)
    }
    return read ? (_root, variables) => read(variables[slot]) : (_root, variables) => variables[slot]
  }
  if (name === 'ROOT' || name === 'CURRENT') return read ? (root) => read(root) : (root) => root
  if (name === 'REMOVE') return constant(undefined)
  if (name === 'SEARCH_META') throw notImplemented('$$SEARCH_META')
  throw new CommandError(17276, 'Location17276', `Use of undefined variable: ${name}`)
}

function compileText(text: string, scope: Scope): Expression {
  if (text.startsWith('$$')) return compileVariable(text.slice(2), scope)
  if (!text.startsWith('$')) return constant(text)
  const path = text.slice(1)
  if (path === '') throw new CommandError(16872, 'Location16872', "'$' by itself is not a valid FieldPath")
  checkFieldPath(path)
  const current = scope.slots.get('CURRENT')
  const read = compileFieldPath(path)
  return current === undefined ? (root) => read(root) : (_root, variables) => read(variables[current])
}

/** Whether `{ … }` is the call of an operator: its first field starts with $. Errors: 15983 for more than one field. */
function operatorName(expression: Document): string | undefined {
  const names = Object.keys(expression)
  const name = names.find((each) => each.startsWith('$'))
  if (name === undefined) return undefined
  if (names.length > 1) {
    throw new CommandError(
      15983,
      'Location15983',
      `an expression specification must contain exactly one field, the name of the expression. Found ${names.length} fields in ${describe(expression)}`,
    )
  }
  return name
}

function compileObject(expression: Document, scope: Scope): Expression {
  const name = operatorName(expression)
  if (name !== undefined) {
    const operator = operatorTable.get(name)
    if (!operator) throw new CommandError(168, 'InvalidPipelineOperator', `Unrecognized expression '${name}'`)
    return operator(expression[name], scope, name)
  }
  const fields = Object.entries(expression).map(([field, value]) => {
    if (field.includes('.'))
      throw new CommandError(
        16412,
        'Location16412',
        `FieldPath field names may not contain '.'. Consider using $getField or $setField.`,
      )
    return { field, value: compileExpression(value, scope) }
  })
  const evaluate: Expression = (root, variables) => {
    const document: Document = {}
    for (const { field, value } of fields) {
      const result = value(root, variables)
      if (result !== undefined) setField(document, field, result)
    }
    return document
  }
  return fold(
    evaluate,
    fields.map(({ value }) => value),
  )
}

/**
 * Compiles an aggregation expression. Errors are CommandErrors with MongoDB's codes (168 unknown operator, 17276 unknown
 * variable, 15983, 16020, …); evaluation throws them too, for values of wrong types.
 */
export function compileExpression(expression: unknown, scope: Scope): Expression {
  if (typeof expression === 'string') return compileText(expression, scope)
  if (Array.isArray(expression)) {
    const items = expression.map((item: unknown) => compileExpression(item, scope))
    return fold((root, variables) => items.map((item) => item(root, variables) ?? null), items)
  }
  return isObject(expression) ? compileObject(asDocument(expression), scope) : constant(expression)
}
