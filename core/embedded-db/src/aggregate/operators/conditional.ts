import { isTruthy } from '../../values/truthy.ts'
import { isObject } from '../../values/types.ts'
import { fold } from '../constants.ts'
import type { Expression, Scope } from '../scope.ts'
import { compileArguments, fail, isNullish, namedArguments, type OperatorTable, unary } from './define.ts'

function choose(condition: Expression, then: Expression, otherwise: Expression): Expression {
  return fold(
    (root, variables) => (isTruthy(condition(root, variables)) ? then : otherwise)(root, variables),
    [condition, then, otherwise],
  )
}

function cond(operand: unknown, scope: Scope, name: string): Expression {
  if (isObject(operand)) {
    const { if: condition, then, else: otherwise } = namedArguments(operand, name, ['if', 'then', 'else'])
    return choose(scope.compile(condition, scope), scope.compile(then, scope), scope.compile(otherwise, scope))
  }
  const [condition, then, otherwise] = compileArguments(operand, scope, name, 3, 3) as [
    Expression,
    Expression,
    Expression,
  ]
  return choose(condition, then, otherwise)
}

function ifNull(operand: unknown, scope: Scope, name: string): Expression {
  if (!Array.isArray(operand) || operand.length < 2)
    throw fail(1257300, `$ifNull needs at least two arguments, had: ${Array.isArray(operand) ? operand.length : 1}`)
  const list = compileArguments(operand, scope, name, 2, Infinity)
  const last = list.length - 1
  return fold((root, variables) => {
    for (let i = 0; i < last; i++) {
      const value = (list[i] as Expression)(root, variables)
      if (!isNullish(value)) return value
    }
    return (list[last] as Expression)(root, variables)
  }, list)
}

function switchCase(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['branches'], ['default'])
  if (!Array.isArray(given.branches)) throw fail(40061, `$switch expected an array for 'branches'`)
  const branches = (given.branches as unknown[]).map((branch) => {
    const { case: condition, then } = namedArguments(branch, '$switch branch', ['case', 'then'])
    return { condition: scope.compile(condition, scope), then: scope.compile(then, scope) }
  })
  const otherwise = 'default' in given ? scope.compile(given.default, scope) : undefined
  if (branches.length === 0) throw fail(40068, '$switch requires at least one branch.')
  return (root, variables) => {
    for (const { condition, then } of branches) if (isTruthy(condition(root, variables))) return then(root, variables)
    if (!otherwise)
      throw fail(40066, '$switch could not find a matching branch for an input, and no default was specified.')
    return otherwise(root, variables)
  }
}

function connective(stopAt: boolean) {
  return (operand: unknown, scope: Scope, name: string): Expression => {
    const list = compileArguments(operand, scope, name, 0, Infinity)
    return fold((root, variables) => {
      for (const item of list) if (isTruthy(item(root, variables)) === stopAt) return stopAt
      return !stopAt
    }, list)
  }
}

export const conditionalOperators: OperatorTable = {
  $and: connective(false),
  $or: connective(true),
  $not: unary((value) => !isTruthy(value)),
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchCase,
}
