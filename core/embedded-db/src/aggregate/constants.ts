import { CommandError } from '../errors.ts'
import type { Expression } from './scope.ts'

const values = new WeakMap<Expression, { value: unknown }>()

/** An expression that always gives the value, known at compile time. */
export function constant(value: unknown): Expression {
  const expression: Expression = () => value
  values.set(expression, { value })
  return expression
}

/** The value of a constant expression, or undefined when it depends on its input. */
export function constantOf(expression: Expression): { value: unknown } | undefined {
  return values.get(expression)
}

/** Evaluates once what depends on constants only; what fails is left to fail when it is reached, as an unused branch may. */
export function fold(expression: Expression, parts: readonly Expression[]): Expression {
  if (!parts.every((part) => values.has(part))) return expression
  try {
    return constant(expression({}, []))
  } catch (error) {
    if (error instanceof CommandError) return expression
    throw error
  }
}
