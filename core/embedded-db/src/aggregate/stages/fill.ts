import type { Document } from 'bson'
import { isObject, typeName } from '../../values/types.ts'
import { fail, namedArguments } from '../operators/define.ts'
import type { StageCompiler } from './compiler.ts'

function wrongType(path: string, value: unknown, expected: string): Error {
  return fail(14, `BSON field '${path}' is the wrong type '${typeName(value)}', expected type '${expected}'`)
}

function checkTypes({ output, sortBy, partitionBy, partitionByFields: fields }: Document): void {
  for (const [name, value] of Object.entries({ output, sortBy }))
    if (value !== undefined && !isObject(value)) throw wrongType(`$fill.${name}`, value, 'object')
  if (partitionBy !== undefined && typeof partitionBy !== 'string' && !isObject(partitionBy))
    throw wrongType('$fill.partitionBy', partitionBy, 'string, object')
  if (fields === undefined) return
  if (!Array.isArray(fields)) throw wrongType('$fill.partitionByFields', fields, 'array')
  const other: unknown = fields.find((field) => typeof field !== 'string')
  if (other !== undefined) throw wrongType('$fill.partitionByFields', other, 'string')
}

/** The window function of a method, or the value for what is null or missing. Errors: 6050200 to 6050202. */
function parseOutput(path: string, spec: unknown): { method?: Document; value?: unknown } {
  const given = namedArguments(spec, '$fill output', [], ['method', 'value'])
  const { method, value } = given
  if (method === undefined) return 'value' in given ? { value: { $ifNull: [`$${path}`, value] } } : {}
  if (typeof method !== 'string') throw wrongType('$fill.method', method, 'string')
  if ('value' in given)
    throw fail(6050201, "Each fill output specification must have exactly one of 'method' or 'value' fields, not both")
  if (method !== 'locf' && method !== 'linear') throw fail(6050202, 'Method must be either locf or linear')
  return { method: { [method === 'locf' ? '$locf' : '$linearFill']: `$${path}` } }
}

/**
 * $fill: null and missing fields from the last value seen or the line between neighbours, and after that from values.
 * Errors: 9, 14, 40414, 40415, 6050200 to 6050204.
 */
export const compileFillStage: StageCompiler = (spec, context, name) => {
  if (isObject(spec)) checkTypes(spec)
  const given = namedArguments(spec, name, ['output'], ['partitionBy', 'partitionByFields', 'sortBy'])
  const { sortBy, partitionBy, partitionByFields: fields } = given
  const output = Object.entries(given.output as Document)
  if (output.length === 0)
    throw fail(6050203, "The output field in '$fill' must contain an object with at least one element")
  const parsed = output.map(([path, each]) => [path, parseOutput(path, each)] as const)
  if (fields !== undefined && partitionBy !== undefined)
    throw fail(6050204, "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'")
  const partition = fields
    ? Object.fromEntries((fields as string[]).map((field, i) => [`f${i}`, `$${field}`]))
    : partitionBy
  const methods = parsed.flatMap(([path, { method }]) => (method ? [[path, method] as const] : []))
  const values = parsed.flatMap(([path, each]) => ('value' in each ? [[path, each.value] as const] : []))
  const window = {
    ...(partition !== undefined && { partitionBy: partition }),
    ...(sortBy !== undefined && { sortBy }),
    output: Object.fromEntries(methods),
  }
  const stages = [
    ...(methods.length > 0 ? [{ $setWindowFields: window }] : []),
    ...(values.length > 0 ? [{ $addFields: Object.fromEntries(values) }] : []),
  ]
  return context.compileStages(stages, context, 'top').run
}
