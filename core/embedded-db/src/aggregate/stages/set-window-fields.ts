import { type Document } from 'bson'
import { isObject, typeName } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import { checkFieldPath } from '../expression.ts'
import { fail, namedArguments } from '../operators/define.ts'
import { compileWindowFunction } from '../window/functions.ts'
import { windowRun } from '../window/run.ts'
import type { StageCompiler } from './compiler.ts'

function checkObject(stage: string, given: Document, name: string): void {
  const value: unknown = given[name]
  if (value !== undefined && !isObject(value))
    throw fail(14, `BSON field '${stage}.${name}' is the wrong type '${typeName(value)}', expected type 'object'`)
}

/** Neither path may be the other's, or lie below it. Error: 6307900. */
function checkConflicts(paths: readonly string[]): void {
  for (const [i, path] of paths.entries())
    if (paths.some((other, k) => k !== i && other.startsWith(`${path}.`)))
      throw fail(6307900, "$setWindowFields 'output' specification contains two conflicting paths")
}

/** $setWindowFields. Errors: 9, 14, 40414, 40415, 6307900, and those of its functions. */
export const compileSetWindowFieldsStage: StageCompiler = (spec, { scope, memoryLimit }, name) => {
  if (isObject(spec)) for (const field of ['output', 'sortBy']) checkObject(name, spec, field)
  const given = namedArguments(spec, name, ['output'], ['partitionBy', 'sortBy'])
  const output = given.output as Document
  const sortBy = (given.sortBy ?? {}) as Document
  checkConflicts(Object.keys(output))
  const outputs = Object.entries(output).map(([path, functionSpec]: [string, unknown]) => {
    checkFieldPath(path)
    return { path: path.split('.'), compute: compileWindowFunction(functionSpec, scope, sortBy) }
  })
  const partitionBy = scope.compile(given.partitionBy ?? null, scope)
  checkPartition(constantOf(partitionBy)?.value)
  return windowRun(
    (document, variables) => checkPartition(partitionBy(document, variables)),
    sortBy,
    outputs,
    scope,
    memoryLimit,
    name,
  )
}

function checkPartition(value: unknown): unknown {
  if (Array.isArray(value)) throw fail(14, 'An expression used to partition cannot evaluate to value of type array')
  return value
}
