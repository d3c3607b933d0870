import { compareNumbers } from '../values/compare-numbers.ts'
import { isNumeric, toDecimal } from '../values/number.ts'
import { compileRegex } from '../values/regex.ts'
import type { Document } from 'bson'
import { type KeywordCheck, schemaError, sizeOperand, typeDetail, valueCheck } from './keyword.ts'
import { typeTest } from '../match/element.ts'
import { nameList, schemaKey } from './value-set.ts'

const jsonTypes: Record<string, unknown> = {
  object: 'object',
  array: 'array',
  number: 'number',
  boolean: 'bool',
  string: 'string',
  null: 'null',
}

function stringList(name: string, operand: unknown): string[] {
  if (Array.isArray(operand)) return nameList(name, operand)
  if (typeof operand !== 'string')
    throw schemaError(`$jsonSchema keyword '${name}' must be either a string or an array of strings`, 14)
  return [operand]
}

function typeCheck(name: string, operand: unknown, aliases: unknown[]): KeywordCheck {
  return valueCheck(name, operand, 'type did not match', typeTest(aliases), typeDetail)
}

function bsonTypeCheck(operand: unknown): KeywordCheck {
  return typeCheck('bsonType', operand, stringList('bsonType', operand))
}

function jsonTypeCheck(operand: unknown): KeywordCheck {
  const aliases = stringList('type', operand).map((name) => {
    if (name === 'integer') throw schemaError("$jsonSchema type 'integer' is not currently supported.")
    if (!Object.hasOwn(jsonTypes, name)) throw schemaError(`Unknown type name alias: ${name}`, 2)
    return jsonTypes[name]
  })
  return typeCheck('type', operand, aliases)
}

function enumCheck(operand: unknown): KeywordCheck {
  if (!Array.isArray(operand)) throw schemaError("$jsonSchema keyword 'enum' must be an array", 14)
  if (operand.length === 0) throw schemaError("$jsonSchema keyword 'enum' must be a non-empty array")
  const keys = new Set((operand as unknown[]).map(schemaKey))
  if (keys.size < operand.length) throw schemaError("$jsonSchema keyword 'enum' array cannot contain duplicate values.")
  return valueCheck('enum', operand, 'value was not found in enum', (value) => keys.has(schemaKey(value)))
}

function bound(name: 'minimum' | 'maximum', schema: Document): KeywordCheck {
  const limit: unknown = schema[name]
  if (!isNumeric(limit)) throw schemaError(`$jsonSchema keyword '${name}' must be a number`, 14)
  const exclusive = schema[name === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum'] === true
  const sign = name === 'minimum' ? 1 : -1
  const specified = exclusive
    ? { [name]: limit, [name === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum']: true }
    : { [name]: limit }
  const check = valueCheck(name, limit, 'comparison failed', (value) => {
    if (!isNumeric(value)) return true
    const order = compareNumbers(value, limit) * sign
    return exclusive ? order > 0 : order >= 0
  })
  return { ...check, explain: (value) => ({ ...check.explain(value), specifiedAs: specified }) }
}

function exclusiveFlag(name: string, schema: Document): undefined {
  if (typeof schema[name] !== 'boolean') throw schemaError(`$jsonSchema keyword '${name}' must be a boolean`, 14)
  const needed = name === 'exclusiveMinimum' ? 'minimum' : 'maximum'
  if (!(needed in schema)) throw schemaError(`$jsonSchema keyword '${needed}' must be a present if ${name} is present`)
  return undefined
}

function multipleOf(operand: unknown): KeywordCheck {
  if (!isNumeric(operand)) throw schemaError("$jsonSchema keyword 'multipleOf' must be a number", 14)
  const divisor = toDecimal(operand)
  if (!divisor.isPositive() || divisor.isZero())
    throw schemaError("$jsonSchema keyword 'multipleOf' must have a positive value")
  return valueCheck(
    'multipleOf',
    operand,
    'considered value is not a multiple of the specified value',
    (value) => !isNumeric(value) || toDecimal(value).mod(divisor).isZero(),
  )
}

function lengthCheck(name: 'minLength' | 'maxLength', operand: unknown): KeywordCheck {
  const limit = sizeOperand(name, operand)
  const accept = name === 'minLength' ? (length: number) => length >= limit : (length: number) => length <= limit
  return valueCheck(
    name,
    operand,
    'specified string length was not satisfied',
    (value) => typeof value !== 'string' || accept([...value].length),
  )
}

function pattern(operand: unknown): KeywordCheck {
  if (typeof operand !== 'string') throw schemaError("$jsonSchema keyword 'pattern' must be a string", 14)
  const regex = compileRegex(operand, '')
  return valueCheck(
    'pattern',
    operand,
    'regular expression did not match',
    (value) => typeof value !== 'string' || regex.test(value),
  )
}

export type ScalarKeyword = (operand: unknown, schema: Document) => KeywordCheck | undefined

/** Keywords that look at one value without entering it. */
export const scalarKeywords: Record<string, ScalarKeyword> = {
  bsonType: bsonTypeCheck,
  type: jsonTypeCheck,
  enum: enumCheck,
  minimum: (_operand, schema) => bound('minimum', schema),
  maximum: (_operand, schema) => bound('maximum', schema),
  exclusiveMinimum: (_operand, schema) => exclusiveFlag('exclusiveMinimum', schema),
  exclusiveMaximum: (_operand, schema) => exclusiveFlag('exclusiveMaximum', schema),
  multipleOf,
  minLength: (operand) => lengthCheck('minLength', operand),
  maxLength: (operand) => lengthCheck('maxLength', operand),
  pattern,
  title: text('title'),
  description: text('description'),
}

function text(name: string): ScalarKeyword {
  return (operand) => {
    if (typeof operand !== 'string') throw schemaError(`$jsonSchema keyword '${name}' must be of type string`, 14)
    return undefined
  }
}
