import { hashKey } from '../values/hash-key.ts'
import { asDocument, isObject } from '../values/types.ts'
import { schemaError } from './keyword.ts'

function inNameOrder(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(inNameOrder)
  if (!isObject(value)) return value
  const fields = Object.entries(asDocument(value)) as [string, unknown][]
  return Object.fromEntries(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, inNameOrder(inner)]),
  )
}

/** The same for values that a schema takes for equal: documents are, whatever the order of their fields. */
export function schemaKey(value: unknown): string {
  return hashKey(inNameOrder(value))
}

/** A keyword's list of names. Errors: 14 for anything else, 9 for none or one twice. */
export function nameList(keyword: string, operand: unknown): string[] {
  if (!Array.isArray(operand) || !operand.every((item) => typeof item === 'string'))
    throw schemaError(`$jsonSchema keyword '${keyword}' must be a non-empty array of strings`, 14)
  if (operand.length === 0) throw schemaError(`$jsonSchema keyword '${keyword}' must be a non-empty array of strings`)
  if (new Set(operand).size < operand.length)
    throw schemaError(`$jsonSchema keyword '${keyword}' array cannot contain duplicate values`)
  return operand as string[]
}
