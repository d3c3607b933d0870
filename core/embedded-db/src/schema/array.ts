import { Int32, type Document } from 'bson'
import { isObject } from '../values/types.ts'
import { failures, type KeywordCheck, satisfies, type Schema, schemaError, sizeOperand } from './keyword.ts'
import { schemaKey } from './value-set.ts'

type Compile = (schema: unknown) => Schema

function arrayCheck(
  name: string,
  test: (items: unknown[]) => boolean,
  explain: (items: unknown[]) => Document,
): KeywordCheck {
  return {
    name,
    test: (value) => !Array.isArray(value) || test(value as unknown[]),
    explain: (value) => ({ operatorName: name, ...explain(value as unknown[]) }),
  }
}

function items(operand: unknown, compile: Compile): KeywordCheck {
  if (!Array.isArray(operand) && !isObject(operand))
    throw schemaError("$jsonSchema keyword 'items' must be an array or an object", 14)
  const schemas = Array.isArray(operand) ? (operand as unknown[]).map(compile) : compile(operand)
  const schemaAt = (i: number): Schema | undefined => (Array.isArray(schemas) ? schemas[i] : schemas)
  const fails = (item: unknown, i: number): boolean => {
    const schema = schemaAt(i)
    return schema !== undefined && !satisfies(schema, item)
  }
  return arrayCheck(
    'items',
    (list) => !list.some(fails),
    (list) => {
      const at = list.findIndex(fails)
      return {
        reason: 'At least one item did not match the sub-schema',
        itemIndex: new Int32(at),
        details: failures(schemaAt(at) as Schema, list[at]),
      }
    },
  )
}

function additionalItems(operand: unknown, schema: Document, compile: Compile): KeywordCheck | undefined {
  if (typeof operand !== 'boolean' && !isObject(operand))
    throw schemaError("$jsonSchema keyword 'additionalItems' must be either an object or a boolean", 14)
  if (!Array.isArray(schema.items) || operand === true) return undefined
  const from = schema.items.length
  const inner = operand === false ? undefined : compile(operand)
  const bad = (list: unknown[]): unknown[] => list.slice(from).filter((item) => !inner || !satisfies(inner, item))
  return arrayCheck(
    'additionalItems',
    (list) => bad(list).length === 0,
    (list) => ({ specifiedAs: { additionalItems: operand }, additionalItems: bad(list) }),
  )
}

function countCheck(name: 'minItems' | 'maxItems', operand: unknown): KeywordCheck {
  const limit = sizeOperand(name, operand)
  return arrayCheck(
    name,
    (list) => (name === 'minItems' ? list.length >= limit : list.length <= limit),
    (list) => ({
      specifiedAs: { [name]: operand },
      reason: 'array did not match specified length',
      consideredValue: list,
      numberOfItems: new Int32(list.length),
    }),
  )
}

function uniqueItems(operand: unknown): KeywordCheck | undefined {
  if (typeof operand !== 'boolean') throw schemaError("$jsonSchema keyword 'uniqueItems' must be a boolean", 14)
  if (!operand) return undefined
  const duplicates = (list: unknown[]): unknown[] => {
    const seen = new Set<string>()
    return list.filter((item) => seen.size === seen.add(schemaKey(item)).size)
  }
  return arrayCheck(
    'uniqueItems',
    (list) => duplicates(list).length === 0,
    (list) => ({
      specifiedAs: { uniqueItems: true },
      reason: 'found a duplicate item',
      consideredValue: list,
      duplicatedValue: duplicates(list)[0],
    }),
  )
}

export type ArrayKeyword = (operand: unknown, schema: Document, compile: Compile) => KeywordCheck | undefined

export const arrayKeywords: Record<string, ArrayKeyword> = {
  items: (operand, _schema, compile) => items(operand, compile),
  additionalItems,
  minItems: (operand) => countCheck('minItems', operand),
  maxItems: (operand) => countCheck('maxItems', operand),
  uniqueItems: (operand) => uniqueItems(operand),
}
