import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isOperatorObject } from '../match/operator-object.ts'
import { bsonType, isObject, typeOf } from '../values/types.ts'
import { setField } from '../values/document.ts'

type Equality = [path: string, value: unknown]

function fieldEquality(path: string, operand: unknown): Equality[] {
  if (typeOf(operand) === bsonType.regex) return []
  if (!isObject(operand) || !isOperatorObject(operand)) return [[path, operand]]
  if ('$eq' in operand) return [[path, operand.$eq]]
  const { $in: list, $all: all } = operand
  for (const values of [list, all] as unknown[]) {
    if (
      Array.isArray(values) &&
      values.length === 1 &&
      typeOf(values[0]) !== bsonType.regex &&
      !(isObject(values[0]) && isOperatorObject(values[0]))
    )
      return [[path, values[0]]]
  }
  return []
}

function equalities(filter: Document): Equality[] {
  return Object.entries(filter).flatMap(([name, operand]): Equality[] => {
    const list = Array.isArray(operand) ? (operand as Document[]) : []
    if (name === '$and' || (name === '$or' && list.length === 1)) return list.flatMap(equalities)
    return name.startsWith('$') ? [] : fieldEquality(name, operand)
  })
}

function matchedTwice(path: string): CommandError {
  return new CommandError(
    54,
    'NotSingleValueField',
    `cannot infer query fields to set, path '${path}' is matched twice`,
  )
}

/** The document that a filter's equalities describe, for an upsert. Error: 54 when two of them meet. */
export function upsertBase(filter: Document, onlyId: boolean): Document {
  const base: Document = {}
  const seen: string[] = []
  for (const [path, value] of equalities(filter)) {
    if (onlyId && path !== '_id') continue
    if (value === undefined) continue
    const clash = seen.find((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`))
    if (clash !== undefined) throw matchedTwice(clash.length < path.length ? clash : path)
    seen.push(path)
    setPath(base, path.split('.'), value)
  }
  return base
}

function setPath(target: Document, names: readonly string[], value: unknown): void {
  const [name = '', ...rest] = names
  if (rest.length === 0) return setField(target, name, value)
  if (!isObject(target[name])) setField(target, name, {})
  setPath(target[name] as Document, rest, value)
}
