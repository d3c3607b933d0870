import type { Document } from 'bson'
import { compileItemOrder } from '../aggregate/operators/array-functions.ts'
import { CommandError } from '../errors.ts'
import { describe } from '../values/document.ts'
import { hashKey } from '../values/hash-key.ts'
import { isNumeric, toNumber } from '../values/number.ts'
import { isObject, typeName } from '../values/types.ts'
import {
  type ApplyContext,
  creating,
  existing,
  type CompileContext,
  type Mutator,
  type OperatorCompiler,
} from './mutation.ts'

function badValue(message: string): CommandError {
  return new CommandError(2, 'BadValue', message)
}

function integer(clause: string, value: unknown): number {
  const number = isNumeric(value) ? toNumber(value) : Number.NaN
  if (!Number.isInteger(number))
    throw badValue(`The value for ${clause} must be an integer value but was given type: ${typeName(value)}`)
  return number
}

function eachItems(operator: string, each: unknown): unknown[] {
  if (!Array.isArray(each)) {
    const message = `The argument to $each in ${operator} must be an array but it was of type`
    throw operator === '$push'
      ? badValue(`${message}: ${typeName(each)}`)
      : new CommandError(14, 'TypeMismatch', `${message} ${typeName(each)}`)
  }
  return each as unknown[]
}

function compilePushOrder(sort: unknown, context: CompileContext): ((a: unknown, b: unknown) => number) | undefined {
  if (sort === undefined) return undefined
  if (!isObject(sort) && !isNumeric(sort))
    throw badValue('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields')
  const paths = isObject(sort) ? Object.keys(sort) : undefined
  if (paths?.length === 0) throw badValue('The $sort pattern is empty when it should be a set of fields.')
  const empty = paths?.find((path) => path !== '' && path.split('.').includes(''))
  if (empty !== undefined) throw badValue(`The $sort field is a dotted field but has an empty part: ${empty}`)
  try {
    return compileItemOrder(sort, context)
  } catch (error) {
    if (error instanceof CommandError) throw badValue('The $sort element value must be either 1 or -1')
    throw error
  }
}

/** $push with $each, then $position, $sort and $slice in that order. */
function push(operand: unknown, path: string, context: CompileContext): Mutator {
  const clauses: Document = isObject(operand) && '$each' in operand ? operand : { $each: [operand] }
  const unknown = Object.keys(clauses).find((name) => !['$each', '$position', '$slice', '$sort'].includes(name))
  if (unknown !== undefined) throw badValue(`Unrecognized clause in $push: ${unknown}`)
  const items = eachItems('$push', clauses.$each)
  const slice = '$slice' in clauses ? integer('$slice', clauses.$slice) : undefined
  const position = '$position' in clauses ? integer('$position', clauses.$position) : undefined
  const order = compilePushOrder(clauses.$sort, context)
  return creating((current, apply) => {
    if (current !== undefined && !Array.isArray(current)) {
      throw badValue(
        `The field '${path}' must be an array but is of type ${typeName(current)} in document {_id: ${describe(apply.original._id)}}`,
      )
    }
    const old: unknown[] = current ?? []
    const at =
      position === undefined
        ? old.length
        : position < 0
          ? Math.max(old.length + position, 0)
          : Math.min(position, old.length)
    let result = [...old.slice(0, at), ...items, ...old.slice(at)]
    if (order) result = result.sort(order)
    if (slice !== undefined) result = slice < 0 ? result.slice(slice) : result.slice(0, slice)
    return result
  })
}

function addToSet(operand: unknown, path: string, { collator }: CompileContext): Mutator {
  const hasEach = isObject(operand) && Object.keys(operand)[0] === '$each'
  if (hasEach && Object.keys(operand as Document).length > 1)
    throw badValue(`Found unexpected fields after $each in $addToSet: ${describe(operand)}`)
  const items = hasEach ? eachItems('$addToSet', (operand as Document).$each) : [operand]
  return creating((current) => {
    if (current !== undefined && !Array.isArray(current))
      throw badValue(
        `Cannot apply $addToSet to non-array field. Field named '${path}' has non-array type ${typeName(current)}`,
      )
    const old: unknown[] = current ?? []
    const keys = new Set(old.map((item) => hashKey(item, collator)))
    const added = items.filter((item) => keys.size < keys.add(hashKey(item, collator)).size)
    return added.length === 0 && current !== undefined ? current : [...old, ...added]
  })
}

function pop(operand: unknown, path: string): Mutator {
  const end = isNumeric(operand) ? toNumber(operand) : Number.NaN
  if (end !== 1 && end !== -1)
    throw new CommandError(9, 'FailedToParse', `$pop expects 1 or -1, found: ${describe(operand)}`)
  return existing((current) => {
    if (!Array.isArray(current))
      throw new CommandError(
        14,
        'TypeMismatch',
        `Path '${path}' contains an element of non-array type '${typeName(current)}'`,
      )
    if (current.length === 0) return current
    return end === 1 ? (current as unknown[]).slice(0, -1) : (current as unknown[]).slice(1)
  }, true)
}

/** Takes elements away; the same array when none went. */
function removing(test: (item: unknown) => boolean): Mutator {
  return existing((current, _context: ApplyContext) => {
    if (!Array.isArray(current)) throw badValue('Cannot apply $pull to a non-array value')
    const kept = (current as unknown[]).filter((item) => !test(item))
    return kept.length === current.length ? (current as unknown) : kept
  }, true)
}

function pullAll(operand: unknown, _path: string, { collator }: CompileContext): Mutator {
  if (!Array.isArray(operand))
    throw badValue(`$pullAll requires an array argument but was given a ${typeName(operand)}`)
  const keys = new Set((operand as unknown[]).map((value) => hashKey(value, collator)))
  return removing((item) => keys.has(hashKey(item, collator)))
}

function extending(compile: OperatorCompiler): OperatorCompiler {
  return (operand, path, context) => ({ ...compile(operand, path, context), extends: true })
}

export const arrayOperators: Record<string, OperatorCompiler> = {
  $push: extending(push),
  $addToSet: extending(addToSet),
  $pop: pop,
  $pull: (operand, _path, context) => removing(context.compileElementTest(operand)),
  $pullAll: pullAll,
}
