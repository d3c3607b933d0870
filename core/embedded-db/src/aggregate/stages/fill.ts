import { isObject } from '../../values/types.ts'
import { checkFieldPath } from '../expression.ts'
import { fail, isNullish, namedArguments } from '../operators/define.ts'
import { mapSliced } from '../pacer.ts'
import type { Scope } from '../scope.ts'
import type { WindowFunction } from '../window/partition.ts'
import { windowRun } from '../window/run.ts'
import { lastObserved, linearFill } from '../window/series.ts'
import type { StageCompiler } from './compiler.ts'

function valueFill(path: string, value: unknown, scope: Scope): WindowFunction {
  const read = scope.compile(`$${path}`, scope)
  const expression = scope.compile(value, scope)
  return ({ documents, variables, pacer }) =>
    mapSliced(
      documents,
      (document) => {
        const current = read(document, variables)
        return isNullish(current) ? expression(document, variables) : current
      },
      pacer,
    )
}

function compileOutput(path: string, spec: unknown, scope: Scope, sorted: boolean): WindowFunction {
  checkFieldPath(path)
  const { method, value } = namedArguments(spec, '$fill', [], ['method', 'value'])
  if (isObject(spec) && 'value' in spec) return valueFill(path, value, scope)
  if (method === 'locf') return lastObserved(`$${path}`, scope)
  if (method !== 'linear') throw fail(6050202, 'Method must be either locf or linear')
  if (!sorted)
    throw fail(605001, '$linearFill must be specified with a top level sortBy expression with exactly one element')
  return linearFill(`$${path}`, scope)
}

/** $fill: null and missing fields from a value, the last one seen, or the line between neighbours. Errors: 9, 6050202, 6050204. */
export const compileFillStage: StageCompiler = (spec, { scope, memoryLimit }, name) => {
  const given = namedArguments(spec, name, ['output'], ['partitionBy', 'partitionByFields', 'sortBy'])
  const { output, sortBy = {}, partitionByFields: fields } = given
  if (!isObject(output) || Object.keys(output).length === 0) throw fail(9, "$fill 'output' must be a non-empty object")
  if (!isObject(sortBy)) throw fail(9, "$fill 'sortBy' must be an object")
  if (fields !== undefined && 'partitionBy' in given)
    throw fail(6050204, "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'")
  if (fields !== undefined && !Array.isArray(fields)) throw fail(9, "$fill 'partitionByFields' must be an array")
  const partition = fields
    ? Object.fromEntries((fields as string[]).map((field, i) => [`f${i}`, `$${field}`]))
    : (given.partitionBy ?? null)
  const outputs = Object.entries(output).map(([path, each]) => ({
    path: path.split('.'),
    compute: compileOutput(path, each, scope, Object.keys(sortBy).length === 1),
  }))
  return windowRun(scope.compile(partition, scope), sortBy, outputs, scope, memoryLimit, name)
}
