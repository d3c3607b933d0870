import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isOperatorObject } from '../match/operator-object.ts'
import { identical } from '../values/compare.ts'
import { bsonType, isObject, typeOf } from '../values/types.ts'
import { setField } from '../values/document.ts'

type Equality = [path: string, value: unknown]

function fieldEquality(path: string, operand: unknown): Equality[] {
  if (typeOf(operand) === bsonType.regex) return []
  if (!isObject(operand) || !isOperatorObject(operand)) return [[path, operand]]
  const { $in: list, $all: all } = operand
  return [
    ...('$eq' in operand ? [operand.$eq as unknown] : []),
    ...(Array.isArray(list) && list.length === 1 ? values(list) : []),
    ...(Array.isArray(all) ? values(all) : []),
  ].map((value): Equality => [path, value])
}

/** Those of a list that a field can be equal to. */
function values(list: unknown[]): unknown[] {
  return list.filter((value) => typeOf(value) !== bsonType.regex && !(isObject(value) && isOperatorObject(value)))
}

function equalities(filter: Document): Equality[] {
  return Object.entries(filter).flatMap(([name, operand]): Equality[] => {
    const list = Array.isArray(operand) ? (operand as Document[]) : []
    if (name === '$and') return list.flatMap(equalities)
    if (name === '$or') return onlyBranch(list)
    return name.startsWith('$') ? [] : fieldEquality(name, operand)
  })
}

/** What a disjunction demands: nothing, unless all its branches say the same. */
function onlyBranch(branches: readonly Document[]): Equality[] {
  const [first, ...others] = branches
  return first && others.every((other) => identical(first, other)) ? equalities(first) : []
}

function matchedTwice(path: string): CommandError {
  return new CommandError(
    54,
    'NotSingleValueField',
    `cannot infer query fields to set, path '${path}' is matched twice`,
  )
}

function inexactId(path: string): CommandError {
  return new CommandError(
    111,
    'NotExactValueField',
    `field at '_id' must be exactly specified, field at sub-path '${path}' found`,
  )
}

/** The document that a filter's equalities describe, for an upsert. Errors: 54 when two of them meet, 111 when a replacement is given no more than a part of an _id. */
export function upsertBase(filter: Document, onlyId: boolean): Document {
  const base: Document = {}
  const seen = new Set<string>()
  const above = new Set<string>()
  for (const [path, value] of equalities(filter)) {
    if (onlyId && path.startsWith('_id.')) throw inexactId(path)
    if (onlyId && path !== '_id') continue
    if (value === undefined) continue
    const names = path.split('.')
    const parents = names.slice(1).map((_, i) => names.slice(0, i + 1).join('.'))
    const clash = seen.has(path) || above.has(path) ? path : parents.find((parent) => seen.has(parent))
    if (clash !== undefined) throw matchedTwice(clash)
    seen.add(path)
    for (const parent of parents) above.add(parent)
    setPath(base, names, value)
  }
  return base
}

function setPath(target: Document, names: readonly string[], value: unknown): void {
  const [name = '', ...rest] = names
  if (rest.length === 0) return setField(target, name, value)
  if (!isObject(target[name])) setField(target, name, {})
  setPath(target[name] as Document, rest, value)
}
