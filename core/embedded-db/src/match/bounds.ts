import { BSONRegExp, type Document } from 'bson'
import { isNumeric, toNumber } from '../values/number.ts'
import { literalPrefix } from '../values/regex.ts'
import { regexParts, typeBracket } from '../values/compare.ts'
import { isArrayIndex } from '../values/document.ts'
import { isKnownPlain } from '../values/list-keys.ts'
import { isTruthy } from '../values/truthy.ts'
import { bsonType, isObject, typeOf } from '../values/types.ts'
import { isOperatorObject } from './operator-object.ts'

/**
 * What a filter demands of one path, in a form that maps to index bounds. Each is sound: a document that matches the
 * filter has at least one index key at the path within the bound; the full matcher must still recheck.
 */
export type PathPredicate =
  | { path: string; kind: 'eq'; value: unknown }
  /** Null, missing or undefined: a sparse index cannot answer it. */
  | { path: string; kind: 'null' }
  /** Some listed value; `hasNull` as for 'null'. */
  | { path: string; kind: 'in'; values: unknown[]; hasNull: boolean }
  /** Bounds inside one type bracket (typeBracket); an absent side is the bracket's end. */
  | {
      path: string
      kind: 'range'
      bracket: number
      lo?: unknown
      loInclusive: boolean
      hi?: unknown
      hiInclusive: boolean
    }
  /** A string that begins with the text, or the regular expression itself as a stored value; not usable with a collation. */
  | { path: string; kind: 'prefix'; prefix: string; regex: BSONRegExp }
  | { path: string; kind: 'exists' }
  /** Bounds that one array element meets together; paths of the inner predicates are absolute, '' suffix for the element itself. */
  | { path: string; kind: 'elemMatch'; predicates: PathPredicate[] }

function equalityBound(path: string, value: unknown): PathPredicate[] {
  const type = typeOf(value)
  if (type === bsonType.null || type === bsonType.missing) return [{ path, kind: 'null' }]
  // An array equals itself or one of its elements, which no single key expresses.
  return type === bsonType.array ? [] : [{ path, kind: 'eq', value }]
}

function membershipBound(path: string, operand: unknown): PathPredicate[] {
  if (!Array.isArray(operand)) return []
  const items = operand as unknown[]
  if (isKnownPlain(items)) return [{ path, kind: 'in', values: items, hasNull: false }]
  if (items.some((item) => Array.isArray(item) || typeOf(item) === bsonType.regex)) return []
  const hasNull = items.some((item) => item === null || item === undefined)
  const values = hasNull ? items.filter((item) => item !== null && item !== undefined) : items
  return [{ path, kind: 'in', values, hasNull }]
}

function rangeBound(path: string, operator: string, value: unknown): PathPredicate[] {
  const type = typeOf(value)
  const inclusive = operator === '$gte' || operator === '$lte'
  if (type === bsonType.null || type === bsonType.missing) return inclusive ? [{ path, kind: 'null' }] : []
  if (type === bsonType.minKey || type === bsonType.maxKey || type === bsonType.array || type === bsonType.regex)
    return []
  if (isNumeric(value) && Number.isNaN(toNumber(value))) return inclusive ? [{ path, kind: 'eq', value }] : []
  const bracket = typeBracket(value)
  const none = { path, kind: 'range', bracket, loInclusive: false, hiInclusive: false } as const
  return operator.startsWith('$gt')
    ? [{ ...none, lo: value, loInclusive: inclusive }]
    : [{ ...none, hi: value, hiInclusive: inclusive }]
}

function regexBound(path: string, operand: unknown, options: unknown): PathPredicate[] {
  const parts =
    typeOf(operand) === bsonType.regex ? regexParts(operand as RegExp) : { pattern: String(operand), options: '' }
  const flags = typeof options === 'string' && options !== '' ? options : parts.options
  const prefix = literalPrefix(parts.pattern, flags)
  return prefix === undefined ? [] : [{ path, kind: 'prefix', prefix, regex: new BSONRegExp(parts.pattern, flags) }]
}

function elemMatchBound(path: string, operand: unknown): PathPredicate[] {
  if (!isObject(operand)) return []
  const predicates = isOperatorObject(operand)
    ? operatorBounds(path, operand)
    : extractPredicates(operand).map((inner) => under(path, inner))
  return predicates.length === 0 ? [] : [{ path, kind: 'elemMatch', predicates }]
}

function under(path: string, predicate: PathPredicate): PathPredicate {
  const moved = { ...predicate, path: `${path}.${predicate.path}` }
  return moved.kind === 'elemMatch'
    ? { ...moved, predicates: moved.predicates.map((inner) => under(path, inner)) }
    : moved
}

function operatorBounds(path: string, operators: Document): PathPredicate[] {
  return Object.entries(operators).flatMap(([name, operand]): PathPredicate[] => {
    switch (name) {
      case '$eq':
        // $eq with a regular expression compares it; an index would hold it as a value, which 'eq' covers.
        return equalityBound(path, operand)
      case '$in':
        return membershipBound(path, operand)
      case '$gt':
      case '$gte':
      case '$lt':
      case '$lte':
        return rangeBound(path, name, operand)
      case '$exists':
        return isTruthy(operand) ? [{ path, kind: 'exists' }] : []
      case '$regex':
        return regexBound(path, operand, operators.$options)
      case '$elemMatch':
        return elemMatchBound(path, operand)
      case '$all': {
        // Every listed value must be there; one of them is enough as a bound.
        const items = Array.isArray(operand) ? (operand as unknown[]) : []
        return items.flatMap((item) =>
          isObject(item) && '$elemMatch' in item ? elemMatchBound(path, item.$elemMatch) : fieldBounds(path, item),
        )
      }
      default:
        return []
    }
  })
}

function fieldBounds(path: string, operand: unknown): PathPredicate[] {
  if (isObject(operand) && isOperatorObject(operand)) return operatorBounds(path, operand)
  if (typeOf(operand) === bsonType.regex) return regexBound(path, operand, undefined)
  return equalityBound(path, operand)
}

/**
 * The predicates of the filter's top-level conjunction ($and included, $or, $nor and $expr left out), one or more per
 * path. Use any of them as an index bound; on a multikey path use only one (ranges of different elements must not be
 * intersected, except inside one 'elemMatch').
 */
export function extractPredicates(filter: Document): PathPredicate[] {
  return Object.entries(filter).flatMap(([name, operand]): PathPredicate[] => {
    if (name === '$and')
      return Array.isArray(operand)
        ? (operand as unknown[]).flatMap((branch) => (isObject(branch) ? extractPredicates(branch) : []))
        : []
    // A numeric component may address a position or a field of an element, which index keys do not tell apart.
    return name.startsWith('$') || name.split('.').some(isArrayIndex) ? [] : fieldBounds(name, operand)
  })
}
