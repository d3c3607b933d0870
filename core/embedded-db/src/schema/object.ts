import type { Document } from 'bson'
import { compileRegex } from '../values/regex.ts'
import { asDocument, isObject } from '../values/types.ts'
import { failures, type KeywordCheck, satisfies, type Schema, schemaError, sizeOperand } from './keyword.ts'
import { nameList } from './value-set.ts'

type Compile = (schema: unknown) => Schema

/** A check that speaks of embedded documents only. */
function documentCheck(
  name: string,
  test: (document: Document) => boolean,
  explain: (document: Document) => Document,
): KeywordCheck {
  return {
    name,
    test: (value) => !isObject(value) || test(asDocument(value)),
    explain: (value) => ({ operatorName: name, ...explain(asDocument(value as Document)) }),
  }
}

function schemaMap(name: string, operand: unknown, compile: Compile): [string, Schema][] {
  if (!isObject(operand)) throw schemaError(`$jsonSchema keyword '${name}' must be an object`, 14)
  return Object.entries(operand).map(([key, value]) => [key, compile(value)])
}

function describeProperty(name: string, schema: Schema, value: unknown): Document {
  return { propertyName: name, ...schema.description, details: failures(schema, value) }
}

function properties(operand: unknown, compile: Compile): KeywordCheck {
  const map = schemaMap('properties', operand, compile)
  const failing = (document: Document): [string, Schema][] =>
    map.filter(([name, schema]) => document[name] !== undefined && !satisfies(schema, document[name]))
  return documentCheck(
    'properties',
    (document) => {
      for (const [name, schema] of map)
        if (document[name] !== undefined && !satisfies(schema, document[name])) return false
      return true
    },
    (document) => ({
      propertiesNotSatisfied: failing(document).map(([name, schema]) => describeProperty(name, schema, document[name])),
    }),
  )
}

function patternProperties(operand: unknown, compile: Compile): KeywordCheck {
  const map = schemaMap('patternProperties', operand, compile).map(([pattern, schema]) => ({
    pattern,
    regex: compileRegex(pattern, ''),
    schema,
  }))
  const bad = (document: Document): Document[] =>
    map.flatMap(({ regex, pattern, schema }) =>
      Object.keys(document)
        .filter((name) => regex.test(name) && !satisfies(schema, document[name]))
        .map((name) => ({ ...describeProperty(name, schema, document[name]), regexMatched: pattern })),
    )
  return documentCheck(
    'patternProperties',
    (document) => bad(document).length === 0,
    (document) => ({ details: bad(document) }),
  )
}

function additionalProperties(operand: unknown, parent: Document, compile: Compile): KeywordCheck {
  if (typeof operand !== 'boolean' && !isObject(operand))
    throw schemaError("$jsonSchema keyword 'additionalProperties' must be either an object or a boolean", 14)
  const known = new Set(Object.keys(isObject(parent.properties) ? parent.properties : {}))
  const patterns = Object.keys(isObject(parent.patternProperties) ? parent.patternProperties : {}).map((pattern) =>
    compileRegex(pattern, ''),
  )
  const schema = isObject(operand) ? compile(operand) : undefined
  const bad = (document: Document): string[] =>
    Object.keys(document).filter(
      (name) =>
        !known.has(name) &&
        !patterns.some((regex) => regex.test(name)) &&
        (schema ? !satisfies(schema, document[name]) : operand === false),
    )
  return documentCheck(
    'additionalProperties',
    (document) => bad(document).length === 0,
    (document) => ({ specifiedAs: { additionalProperties: operand }, additionalProperties: bad(document) }),
  )
}

function required(operand: unknown): KeywordCheck {
  const names = nameList('required', operand)
  return documentCheck(
    'required',
    (document) => {
      for (const name of names) if (document[name] === undefined) return false
      return true
    },
    (document) => ({
      specifiedAs: { required: names },
      missingProperties: names.filter((name) => document[name] === undefined).sort(),
    }),
  )
}

function countCheck(name: 'minProperties' | 'maxProperties', operand: unknown): KeywordCheck {
  const limit = sizeOperand(name, operand)
  return documentCheck(
    name,
    (document) =>
      name === 'minProperties' ? Object.keys(document).length >= limit : Object.keys(document).length <= limit,
    (document) => ({
      specifiedAs: { [name]: operand },
      reason: 'specified number of properties was not satisfied',
      consideredValue: document,
      numberOfProperties: Object.keys(document).length,
    }),
  )
}

function dependencies(operand: unknown, compile: Compile): KeywordCheck {
  if (!isObject(operand)) throw schemaError("$jsonSchema keyword 'dependencies' must be an object", 14)
  const rules = Object.entries(operand).map(([name, rule]) => ({
    name,
    rule: rule as unknown,
    schema: compile(Array.isArray(rule) ? { required: nameList('dependencies', rule) } : rule),
  }))
  const bad = (document: Document): typeof rules =>
    rules.filter(({ name, schema }) => document[name] !== undefined && !satisfies(schema, document))
  return documentCheck(
    'dependencies',
    (document) => bad(document).length === 0,
    (document) => ({
      failingDependencies: bad(document).map(({ name, schema }) => ({
        conditionalProperty: name,
        details: failures(schema, document),
      })),
    }),
  )
}

export type ObjectKeyword = (operand: unknown, schema: Document, compile: Compile) => KeywordCheck

export const objectKeywords: Record<string, ObjectKeyword> = {
  properties: (operand, _schema, compile) => properties(operand, compile),
  patternProperties: (operand, _schema, compile) => patternProperties(operand, compile),
  additionalProperties,
  required,
  minProperties: (operand) => countCheck('minProperties', operand),
  maxProperties: (operand) => countCheck('maxProperties', operand),
  dependencies: (operand, _schema, compile) => dependencies(operand, compile),
}
