import { isObject } from '../../values/types.ts'
import { accumulatorTable } from '../accumulators/table.ts'
import { fail } from '../operators/define.ts'
import type { Scope } from '../scope.ts'
import { accumulate } from './accumulate.ts'
import { compileWindow } from './bounds.ts'
import { compileCovariance } from './covariance.ts'
import type { WindowFunction } from './partition.ts'
import { denseRank, documentNumber, rank } from './rank.ts'
import { derivative, expMovingAvg, integral, lastObserved, linearFill, shift } from './series.ts'

const needsOrder = new Set([
  '$rank',
  '$denseRank',
  '$documentNumber',
  '$shift',
  '$derivative',
  '$integral',
  '$expMovingAvg',
  '$linearFill',
])
const wholePartition = new Set([
  '$rank',
  '$denseRank',
  '$documentNumber',
  '$shift',
  '$expMovingAvg',
  '$linearFill',
  '$locf',
])
const ranks: Record<string, WindowFunction> = { $rank: rank, $denseRank: denseRank, $documentNumber: documentNumber }

/** Compiles `{ $function: operand, window }` of $setWindowFields. Errors: 9, 5371602, 5371601. */
export function compileWindowFunction(spec: unknown, scope: Scope, sortFields: number): WindowFunction {
  if (!isObject(spec)) throw fail(9, 'The field in $setWindowFields output must be an object')
  const names = Object.keys(spec).filter((name) => name !== 'window')
  const [name] = names
  if (name === undefined || names.length !== 1 || !name.startsWith('$'))
    throw fail(9, 'Window function found an unknown argument, or not exactly one function')
  const operand: unknown = spec[name]
  if (needsOrder.has(name) && sortFields === 0)
    throw fail(5371602, `${name} must be specified with a top level sortBy expression`)
  if (wholePartition.has(name) && 'window' in spec) throw fail(5371601, `${name} does not accept a 'window' field`)
  const rankFunction = ranks[name]
  if (rankFunction) {
    if (!isObject(operand) || Object.keys(operand).length > 0)
      throw fail(5371603, `${name} must be specified with '{}' as the value`)
    if (name !== '$documentNumber' && sortFields !== 1)
      throw fail(5371602, `${name} must be specified with a top level sortBy expression with exactly one element`)
    return rankFunction
  }
  return compileOverWindow(name, operand, spec.window, scope, sortFields)
}

function compileOverWindow(
  name: string,
  operand: unknown,
  windowSpec: unknown,
  scope: Scope,
  sortFields: number,
): WindowFunction {
  switch (name) {
    case '$shift':
      return shift(operand, scope)
    case '$expMovingAvg':
      return expMovingAvg(operand, scope)
    case '$linearFill':
      return linearFill(operand, scope)
    case '$locf':
      return lastObserved(operand, scope)
    default:
  }
  const window = compileWindow(windowSpec, sortFields)
  // The whole partition would be a surprising default.
  if (name === '$derivative' && windowSpec === undefined) throw fail(9, '$derivative requires explicit window bounds')
  if (name === '$derivative') return derivative(operand, scope, window)
  if (name === '$integral') return integral(operand, scope, window)
  if (name === '$covariancePop' || name === '$covarianceSamp')
    return accumulate(compileCovariance(operand, scope, name === '$covarianceSamp'), window)
  const accumulator = accumulatorTable.get(name)
  if (!accumulator) throw fail(9, `Unrecognized window function, ${name}`)
  return accumulate(accumulator(operand, scope, name), window)
}
