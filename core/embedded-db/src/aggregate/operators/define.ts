import { CommandError } from '../../errors.ts'
import type { Collator } from '../../values/collation.ts'
import { describe } from '../../values/document.ts'
import { isObject } from '../../values/types.ts'
import { fold } from '../constants.ts'
import type { Expression, Scope } from '../scope.ts'
import { type ArgumentCodes, argumentCodes } from './argument-codes.ts'

/** Turns the operand of `{ $operator: operand }` into an expression, checking its form. */
export type OperatorCompiler = (operand: unknown, scope: Scope, name: string) => Expression
export type OperatorTable = Record<string, OperatorCompiler>

function plural(n: number): string {
  return n === 1 ? '1 argument' : `${n} arguments`
}

/** The compiled arguments: `[a, b]` or a single value. Errors: 16020, 28667 for a wrong number. */
export function compileArguments(operand: unknown, scope: Scope, name: string, min: number, max: number): Expression[] {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand]
  if (list.length < min || list.length > max) {
    if (min === max)
      throw new CommandError(
        16020,
        'Location16020',
        `Expression ${name} takes exactly ${plural(min)}. ${list.length} were passed in.`,
      )
    throw new CommandError(
      28667,
      'Location28667',
      `Expression ${name} takes at least ${plural(min)}, and at most ${max}, but ${list.length} were passed in.`,
    )
  }
  return list.map((item) => scope.compile(item, scope))
}

export function unary(apply: (value: unknown, collator: Collator | undefined) => unknown): OperatorCompiler {
  return (operand, scope, name) => {
    const [argument] = compileArguments(operand, scope, name, 1, 1) as [Expression]
    const { collator } = scope
    return fold((root, variables) => apply(argument(root, variables), collator), [argument])
  }
}

export function binary(apply: (a: unknown, b: unknown, collator: Collator | undefined) => unknown): OperatorCompiler {
  return (operand, scope, name) => {
    const [a, b] = compileArguments(operand, scope, name, 2, 2) as [Expression, Expression]
    const { collator } = scope
    return fold((root, variables) => apply(a(root, variables), b(root, variables), collator), [a, b])
  }
}

export function variadic(
  min: number,
  max: number,
  apply: (values: unknown[], collator: Collator | undefined) => unknown,
): OperatorCompiler {
  return (operand, scope, name) => {
    const list = compileArguments(operand, scope, name, min, max)
    const { collator } = scope
    return fold((root, variables) => apply(evaluateAll(list, root, variables), collator), list)
  }
}

function evaluateAll(list: readonly Expression[], root: unknown, variables: unknown[]): unknown[] {
  const values = new Array<unknown>(list.length)
  for (let i = 0; i < list.length; i++) values[i] = (list[i] as Expression)(root, variables)
  return values
}

/** The named arguments of `{ $operator: { a: …, b: … } }`, unknown and missing ones refused with the operator's own codes. */
export function namedArguments(
  operand: unknown,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Record<string, unknown> {
  const codes: ArgumentCodes = argumentCodes[name] ?? {}
  if (!isObject(operand))
    throw fail(codes.object ?? 9, `${name} requires an object as an argument, found: ${describe(operand)}`)
  for (const key of Object.keys(operand)) {
    if (!required.includes(key) && !optional.includes(key))
      throw fail(codes.unknown ?? 9, `Unrecognized argument to ${name}: ${key}`)
  }
  for (const key of required) {
    if (key in operand) continue
    const code = typeof codes.missing === 'object' ? codes.missing[key] : codes.missing
    throw fail(code ?? 9, `Missing '${key}' parameter to ${name}`)
  }
  return operand
}

/** An operator with named arguments, each an expression; an absent optional one is undefined. */
export function named(
  required: readonly string[],
  optional: readonly string[],
  apply: (values: Record<string, unknown>, present: Record<string, unknown>, collator: Collator | undefined) => unknown,
): OperatorCompiler {
  return (operand, scope, name) => {
    const given = namedArguments(operand, name, required, optional)
    const list = Object.entries(given).map(([key, value]) => ({ key, value: scope.compile(value, scope) }))
    const { collator } = scope
    const evaluate: Expression = (root, variables) => {
      const values: Record<string, unknown> = {}
      for (const { key, value } of list) values[key] = value(root, variables)
      return apply(values, given, collator)
    }
    return fold(
      evaluate,
      list.map(({ value }) => value),
    )
  }
}

export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** A failure with the code of a MongoDB source location. */
export function fail(code: number, message: string): CommandError {
  const names: Record<number, string> = { 2: 'BadValue', 9: 'FailedToParse', 14: 'TypeMismatch' }
  return new CommandError(code, names[code] ?? `Location${code}`, message)
}
