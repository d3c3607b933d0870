import { notImplemented } from '../../errors.ts'
import { isObject } from '../../values/types.ts'
import { constant } from '../constants.ts'
import { checkVariableName, type Expression, extendScope, type Scope } from '../scope.ts'
import { fail, namedArguments, type OperatorCompiler, type OperatorTable } from './define.ts'

function letIn(operand: unknown, scope: Scope, name: string): Expression {
  const { vars, in: body } = namedArguments(operand, name, ['vars', 'in'])
  if (!isObject(vars)) throw fail(10065, 'invalid parameter: expected an object (vars)')
  const names = Object.keys(vars)
  names.forEach(checkVariableName)
  const values = names.map((each) => scope.compile(vars[each], scope))
  const inner = extendScope(scope, names)
  const result = scope.compile(body, inner.scope)
  return (root, variables) => {
    // All values are taken before any is bound: they see the outer scope.
    const bound = values.map((value) => value(root, variables))
    inner.slots.forEach((slot, i) => {
      variables[slot] = bound[i]
    })
    return result(root, variables)
  }
}

function refuse(_operand: unknown, _scope: Scope, name: string): never {
  throw notImplemented(name)
}

const literal: OperatorCompiler = (operand) => constant(operand)

export const variableOperators: OperatorTable = {
  $let: letIn,
  $literal: literal,
  $const: literal,
  $meta: refuse,
  $function: refuse,
  $accumulator: refuse,
}
