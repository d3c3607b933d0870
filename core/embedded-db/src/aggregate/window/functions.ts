import type { Document } from 'bson'
import { isObject } from '../../values/types.ts'
import { accumulatorTable } from '../accumulators/table.ts'
import { fail } from '../operators/define.ts'
import type { Scope } from '../scope.ts'
import { accumulate } from './accumulate.ts'
import { compileWindow } from './bounds.ts'
import { compileCovariance } from './covariance.ts'
import type { WindowFunction } from './partition.ts'
import { derivative, integral } from './points.ts'
import { denseRank, documentNumber, rank } from './rank.ts'
import { expMovingAvg, lastObserved, linearFill, shift } from './series.ts'

const ranks: Record<string, WindowFunction> = { $rank: rank, $denseRank: denseRank, $documentNumber: documentNumber }

/** Those over the whole partition, which take no window. */
const wholePartition: Record<string, (operand: unknown, scope: Scope) => WindowFunction> = {
  $shift: shift,
  $expMovingAvg: expMovingAvg,
  $linearFill: linearFill,
  $locf: lastObserved,
}
const windowed = new Set([
  '$derivative',
  '$integral',
  '$covariancePop',
  '$covarianceSamp',
  ...[...accumulatorTable.keys()].filter((name) => name !== '$accumulator' && name !== '$mergeObjects'),
])

/** The function that a specification calls: its first field with a $. Error: 9. */
function functionName(spec: Document): string {
  const names = Object.keys(spec)
  const name = names.find((each) => each.startsWith('$'))
  if (name === undefined)
    throw fail(9, `Expected a $-prefixed window function${names[0] === undefined ? '' : `, ${names[0]}`}`)
  if (!(name in ranks) && !(name in wholePartition) && !windowed.has(name))
    throw fail(9, `Unrecognized window function, ${name}`)
  return name
}

function compileRank(name: string, spec: Document, sortFields: number): WindowFunction {
  if (Object.keys(spec).length > 1) throw fail(5371601, 'Rank style window functions take no other arguments')
  const operand: unknown = spec[name]
  if (!isObject(operand) || Object.keys(operand).length > 0)
    throw fail(5371603, `${name} must be specified with '{}' as the value`)
  if (sortFields !== 1)
    throw fail(5371602, `${name} must be specified with a top level sortBy expression with exactly one element`)
  return ranks[name] as WindowFunction
}

function compileOverPartition(name: string, spec: Document, scope: Scope, sortFields: number): WindowFunction {
  if (Object.keys(spec).length > 1) throw fail(9, `'window' field is not allowed in ${name}`)
  if (name === '$linearFill') checkLinearSort(sortFields)
  else if (name !== '$locf' && sortFields === 0) throw fail(9, `'${name}' requires a sortBy`)
  return (wholePartition[name] as (operand: unknown, scope: Scope) => WindowFunction)(spec[name], scope)
}

/** @throws CommandError 605001 unless there is one field to sort by */
function checkLinearSort(sortFields: number): void {
  if (sortFields !== 1)
    throw fail(605001, '$linearFill must be specified with a top level sortBy expression with exactly one element')
}

/** Compiles `{ $function: operand, window }` of $setWindowFields. Errors: 9, 605001, 5371601 to 5371603. */
export function compileWindowFunction(spec: unknown, scope: Scope, sortBy: Document): WindowFunction {
  if (!isObject(spec)) throw fail(9, 'The field in $setWindowFields output must be an object')
  const given = spec as Document
  const name = functionName(given)
  const sortFields = Object.keys(sortBy).length
  if (name in ranks) return compileRank(name, given, sortFields)
  const other = Object.keys(given).find((each) => each !== name && each !== 'window')
  if (other !== undefined) throw fail(9, `Window function found an unknown argument: ${other}`)
  if (name in wholePartition) return compileOverPartition(name, given, scope, sortFields)
  return compileOverWindow(name, given, scope, sortBy)
}

function compileOverWindow(name: string, spec: Document, scope: Scope, sortBy: Document): WindowFunction {
  const operand: unknown = spec[name]
  const slope = name === '$derivative' || name === '$integral'
  if (slope && Object.keys(sortBy).length !== 1) throw fail(9, `${name} requires a non-compound sortBy`)
  const window = compileWindow(spec.window, sortBy, scope)
  // The whole partition would be a surprising default.
  if (name === '$derivative' && !('window' in spec)) throw fail(9, '$derivative requires explicit window bounds')
  if (slope) return (name === '$derivative' ? derivative : integral)(operand, scope, window)
  if (name === '$covariancePop' || name === '$covarianceSamp')
    return accumulate(compileCovariance(operand, scope, name === '$covarianceSamp'), window)
  const accumulator = accumulatorTable.get(name)
  if (!accumulator) throw fail(9, `Unrecognized window function, ${name}`)
  return accumulate(accumulator(operand, scope, name), window)
}
