import { type Document } from 'bson'
import { CommandError } from '../../errors.ts'
import { isObject } from '../../values/types.ts'
import { checkFieldPath } from '../expression.ts'
import { fail, namedArguments } from '../operators/define.ts'
import { compileWindowFunction } from '../window/functions.ts'
import { windowRun } from '../window/run.ts'
import type { StageCompiler } from './compiler.ts'

/** `{ a: { b: { $sum: … } } }` names the path a.b, as `'a.b'` does. */
function flattenOutputs(output: Document, prefix: string): [path: string, spec: unknown][] {
  return Object.entries(output).flatMap(([name, spec]: [string, unknown]): [string, unknown][] => {
    const [first] = isObject(spec) ? Object.keys(spec) : []
    if (isObject(spec) && first !== undefined && !first.startsWith('$') && first !== 'window')
      return flattenOutputs(spec, `${prefix}${name}.`)
    return [[prefix + name, spec]]
  })
}

/** $setWindowFields. Errors: 9, 40414, 5339901, 5339902, 5371601 to 5371603. */
export const compileSetWindowFieldsStage: StageCompiler = (spec, { scope, memoryLimit }, name) => {
  const given = namedArguments(spec, name, ['output'], ['partitionBy', 'sortBy'])
  const { output, sortBy = {} } = given
  if (!isObject(output)) throw fail(9, "$setWindowFields 'output' must be an object")
  if (!isObject(sortBy)) throw fail(9, "$setWindowFields 'sortBy' must be an object")
  const outputs = flattenOutputs(output, '').map(([path, functionSpec]) => {
    checkFieldPath(path)
    return { path: path.split('.'), compute: compileWindowFunction(functionSpec, scope, Object.keys(sortBy).length) }
  })
  const partitionBy = scope.compile(given.partitionBy ?? null, scope)
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
  if (Array.isArray(value))
    throw new CommandError(14, 'TypeMismatch', 'An expression used to partition cannot evaluate to value of type array')
  return value
}
