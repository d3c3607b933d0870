import { Int32 } from 'bson'
import type { Document } from 'bson'
import { isNumeric } from '../../values/number.ts'
import { isObject } from '../../values/types.ts'
import { collectFilterFields, rootOf } from '../filter-fields.ts'

/** Operators that may read a whole document, or fields that no path names. */
const READS_ANY = new Set(['$getField', '$setField', '$unsetField', '$top', '$topN', '$bottom', '$bottomN', '$meta'])

/** Adds the top-level fields that an expression reads; false when it may read any. */
function collectExpressionFields(expression: unknown, fields: Set<string>): boolean {
  if (typeof expression === 'string') {
    if (expression.startsWith('$$')) return !/^\$\$(ROOT|CURRENT)\b/.test(expression)
    if (expression.startsWith('$')) fields.add(rootOf(expression.slice(1)))
    return true
  }
  if (Array.isArray(expression)) return expression.every((item) => collectExpressionFields(item, fields))
  if (!isObject(expression)) return true
  return Object.entries(expression).every(
    ([name, value]) => !READS_ANY.has(name) && collectExpressionFields(value, fields),
  )
}

/** What a stage reads of its input: `last` when nothing else of it goes on; undefined when it may read or keep anything. */
function readBy(name: string, spec: unknown, fields: Set<string>): 'last' | 'more' | undefined {
  switch (name) {
    case '$group':
      return collectExpressionFields(spec, fields) ? 'last' : undefined
    case '$count':
      return 'last'
    case '$match':
      return isObject(spec) && collectFilterFields(spec, fields) ? 'more' : undefined
    case '$sort':
      if (!isObject(spec) || Object.values(spec).some(isObject)) return undefined
      for (const path of Object.keys(spec)) fields.add(rootOf(path))
      return 'more'
    case '$skip':
    case '$limit':
      return 'more'
    case '$addFields':
    case '$set':
      if (!isObject(spec)) return undefined
      for (const path of Object.keys(spec)) fields.add(rootOf(path))
      return collectExpressionFields(spec, fields) ? 'more' : undefined
    case '$unwind':
      return collectExpressionFields(spec, fields) ? 'more' : undefined
    default:
      return undefined
  }
}

/** The top-level fields of its source that a pipeline reads, up to a stage that keeps nothing else; undefined when it may be any. */
export function pipelineFields(stages: readonly Document[]): ReadonlySet<string> | undefined {
  const fields = new Set<string>()
  for (const stage of stages) {
    const [name = ''] = Object.keys(stage)
    const reads = readBy(name, stage[name], fields)
    if (reads === 'last') return fields
    if (!reads) return undefined
  }
  return undefined
}

/** What a pipeline that only counts its documents gives for a count of them; undefined for any other pipeline. */
export function countingResult(stages: readonly Document[]): ((count: number) => Document) | undefined {
  const [stage, more] = stages
  if (!stage || more || !isObject(stage.$group)) return undefined
  const { _id: id, ...rest } = stage.$group
  const [[name, accumulator] = [], another] = Object.entries(rest) as [string, unknown][]
  if (name === undefined || another || !isObject(accumulator) || Object.keys(accumulator).length !== 1) return undefined
  const constant = id === null || isNumeric(id)
  const one: unknown = accumulator.$sum
  return constant && one instanceof Int32 && one.value === 1
    ? (count) => ({ _id: id, [name]: new Int32(count) })
    : undefined
}
