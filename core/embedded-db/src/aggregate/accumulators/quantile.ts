import { isNumeric, toNumber } from '../../values/number.ts'
import { typeName } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import { fail, namedArguments } from '../operators/define.ts'
import type { Expression, Scope } from '../scope.ts'
import { median, percentiles } from './statistics.ts'
import type { Accumulator } from './types.ts'

export interface Quantile {
  input: Expression
  create: () => Accumulator
}

/** The one method there is. Errors: 14, 2. */
function checkMethod(method: unknown, name: string): void {
  if (typeof method !== 'string')
    throw fail(14, `BSON field '${name}.method' is the wrong type '${typeName(method)}', expected type 'string'`)
  if (method !== 'approximate') throw fail(2, "Currently only 'approximate' can be used as percentile 'method'.")
}

/** The probabilities, which no document may decide. Errors: 7750300 to 7750303. */
function probabilities(given: unknown, scope: Scope): number[] {
  const known = constantOf(scope.compile(given, scope))
  if (!known) throw fail(7750300, "The $percentile 'p' field must be an array of constant values")
  const message = "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]"
  if (!Array.isArray(known.value) || known.value.length === 0) throw fail(7750301, message)
  return (known.value as unknown[]).map((item) => {
    if (!isNumeric(item)) throw fail(7750302, `${message}, but found: ${String(item)}`)
    const p = toNumber(item)
    if (!(p >= 0 && p <= 1)) throw fail(7750303, `${message}, but found: ${p}`)
    return p
  })
}

/** `$median`, of a group, a window or an array. */
export function compileMedian(operand: unknown, scope: Scope, name: string): Quantile {
  const { input, method } = namedArguments(operand, name, ['input', 'method'])
  checkMethod(method, name)
  return { input: scope.compile(input, scope), create: median }
}

/** `$percentile`, of a group, a window or an array. */
export function compilePercentile(operand: unknown, scope: Scope, name: string): Quantile {
  const { input, p, method } = namedArguments(operand, name, ['input', 'p', 'method'])
  checkMethod(method, name)
  const ps = probabilities(p, scope)
  return { input: scope.compile(input, scope), create: () => percentiles(ps) }
}
