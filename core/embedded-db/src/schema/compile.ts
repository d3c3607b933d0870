import type { Document } from 'bson'
import { isObject } from '../values/types.ts'
import { arrayKeywords } from './array.ts'
import { failures, type KeywordCheck, satisfies, type Schema, schemaError } from './keyword.ts'
import { objectKeywords } from './object.ts'
import { scalarKeywords } from './scalar.ts'

const unsupported = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id', 'encrypt', 'encryptMetadata'])

function schemaList(name: string, operand: unknown): Schema[] {
  if (!Array.isArray(operand)) throw schemaError(`$jsonSchema keyword '${name}' must be an array`, 14)
  if (operand.length === 0) throw schemaError(`$jsonSchema keyword '${name}' must be a non-empty array`, 2)
  return (operand as unknown[]).map(compileSchema)
}

function logical(name: string, operand: unknown): KeywordCheck | undefined {
  switch (name) {
    case 'allOf': {
      const list = schemaList(name, operand)
      return combination(name, list, (value) => list.every((schema) => satisfies(schema, value)))
    }
    case 'anyOf': {
      const list = schemaList(name, operand)
      return combination(name, list, (value) => list.some((schema) => satisfies(schema, value)))
    }
    case 'oneOf': {
      const list = schemaList(name, operand)
      return combination(name, list, (value) => list.filter((schema) => satisfies(schema, value)).length === 1)
    }
    case 'not': {
      const schema = compileSchema(operand)
      return {
        name,
        test: (value) => !satisfies(schema, value),
        explain: () => ({ operatorName: 'not', reason: 'child expression matched' }),
      }
    }
    default:
      return undefined
  }
}

function combination(name: string, list: Schema[], test: (value: unknown) => boolean): KeywordCheck {
  return {
    name,
    test,
    explain: (value) => {
      const matching = list.flatMap((schema, index) => (satisfies(schema, value) ? [index] : []))
      if (name === 'oneOf' && matching.length > 1)
        return { operatorName: name, reason: 'more than one subschema matched', matchingSchemaIndexes: matching }
      const details = list.flatMap((schema, index) =>
        satisfies(schema, value) ? [] : [{ index, details: failures(schema, value) }],
      )
      return { operatorName: name, schemasNotSatisfied: details }
    },
  }
}

function compileKeyword(name: string, schema: Document): KeywordCheck | undefined {
  const operand: unknown = schema[name]
  const scalar = scalarKeywords[name]
  if (scalar) return scalar(operand, schema)
  const array = arrayKeywords[name]
  if (array) return array(operand, schema, compileSchema)
  const object = objectKeywords[name]
  if (object) return object(operand, schema, compileSchema)
  const check = logical(name, operand)
  if (check) return check
  if (unsupported.has(name)) throw schemaError(`$jsonSchema keyword '${name}' is not currently supported`)
  throw schemaError(`Unknown $jsonSchema keyword: ${name}`)
}

/** Compiles a schema of MongoDB's dialect. Errors: 9 FailedToParse, 14 TypeMismatch, 2 BadValue. */
export function compileSchema(schema: unknown): Schema {
  if (!isObject(schema)) throw schemaError('$jsonSchema must be an object', 14)
  if ('type' in schema && 'bsonType' in schema)
    throw schemaError("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'")
  const checks = Object.keys(schema).flatMap((name) => compileKeyword(name, schema) ?? [])
  const description: Document = {}
  if (typeof schema.title === 'string') description.title = schema.title
  if (typeof schema.description === 'string') description.description = schema.description
  return { description, checks }
}

/** A test of documents by a JSON schema in MongoDB's dialect (draft 4 with bsonType). */
export function compileJsonSchema(schema: Document): (document: Document) => boolean {
  const compiled = compileSchema(schema)
  return (document) => satisfies(compiled, document)
}
