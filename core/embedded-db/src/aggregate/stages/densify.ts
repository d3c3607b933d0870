import type { Document } from 'bson'
import { add } from '../../values/arithmetic.ts'
import { compareValues } from '../../values/compare.ts'
import { hashKey } from '../../values/hash-key.ts'
import { isNumeric, type NumericValue, toNumber } from '../../values/number.ts'
import { compileFieldPath } from '../../values/paths.ts'
import { typeName, typeOf } from '../../values/types.ts'
import { checkFieldPath } from '../expression.ts'
import { addUnits, type TimeUnit, timeUnit } from '../operators/date-units.ts'
import { fail, namedArguments } from '../operators/define.ts'
import { utc } from '../operators/zone.ts'
import { mapSliced } from '../pacer.ts'
import { slicedSort } from '../sliced-sort.ts'
import { collect, emit, MemoryBound } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'
import { withValue } from './unwind.ts'

type Point = Date | NumericValue

interface Range {
  step: NumericValue
  unit: TimeUnit | undefined
  bounds: 'full' | 'partition' | [Point, Point]
}

function parseBounds(list: readonly unknown[], step: NumericValue, timed: boolean): [Point, Point] {
  if (list.length !== 2) throw fail(5733403, 'A bounding array in a range statement must have exactly two elements')
  const [low, high] = list
  if (compareValues(low, high) > 0)
    throw fail(5733402, 'A bounding array must be an ascending array of either two dates or two numbers')
  if (isNumeric(low)) {
    if (timed) throw fail(5733409, 'Numeric bounds may not have unit parameter')
    if (!isNumeric(high)) throw fail(5733406, 'A bounding array must contain either both dates or both numeric types')
    if (typeOf(low) !== typeOf(high) || typeOf(low) !== typeOf(step))
      throw fail(5876900, 'Upper bound, lower bound, and step must all have the same type')
    return [low, high]
  }
  if (!(low instanceof Date)) throw fail(5946800, 'Explicit bounds must be numeric or dates')
  if (!(high instanceof Date))
    throw fail(5733405, 'A bounding array must contain either both dates or both numeric types')
  if (!timed) throw fail(5733410, 'A bounding array of dates must specify a unit')
  return [low, high]
}

/** Errors: 14, 40414, 5733401 to 5733410, 5876900, 5946800, 5946802, 6586400. */
function parseRange(spec: unknown): Range {
  const { step, unit, bounds } = namedArguments(spec, '$densify.range', ['step', 'bounds'], ['unit'])
  if (!isNumeric(step)) throw wrongType('range.step', step, 'int, decimal, double, long')
  if (unit !== undefined && typeof unit !== 'string') throw wrongType('range.unit', unit, 'string')
  if (!(toNumber(step) > 0))
    throw fail(5733401, 'The step parameter in a range statement must be a strictly positive numeric value')
  if (unit !== undefined && !Number.isInteger(toNumber(step)))
    throw fail(6586400, 'The step parameter in a range statement must be a whole number when densifying a date range')
  const timed = unit === undefined ? undefined : timeUnit(unit, 9, 9)
  if (bounds === 'full' || bounds === 'partition') return { step, unit: timed, bounds }
  if (typeof bounds === 'string') throw fail(5946802, "Bounds string must either be 'full' or 'partition'")
  if (!Array.isArray(bounds))
    throw fail(
      5733404,
      "The bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
    )
  return { step, unit: timed, bounds: parseBounds(bounds as unknown[], step, timed !== undefined) }
}

function wrongType(path: string, value: unknown, expected: string): Error {
  return fail(14, `BSON field '$densify.${path}' is the wrong type '${typeName(value)}', expected type '${expected}'`)
}

/** The nth date after a start; counted from the start so that months do not drift. */
function dateAt(start: Point, n: number, { step, unit }: Range): Date {
  return new Date(addUnits((start as Date).getTime(), unit ?? 'millisecond', n * toNumber(step), utc))
}

const maxPoints = 500_000

/** No partition may be divided by what is filled in. Errors: 8993000, 9554500. */
function checkPartitions(field: string, partitions: readonly string[]): void {
  for (const path of partitions) {
    checkFieldPath(path)
    if (path === field || path.startsWith(`${field}.`))
      throw fail(8993000, "BSON field '$densify.partitionByFields' contains the field that is being densified")
    if (field.startsWith(`${path}.`))
      throw fail(9554500, "The field that is being densified contains the BSON field '$densify.partitionByFields'")
  }
}

/** $densify: adds documents where the field, a number or a date, skips a step. Errors: 9, 5733201 and its neighbours. */
export const compileDensifyStage: StageCompiler = (spec, { scope, memoryLimit }, name) => {
  const given = namedArguments(spec, name, ['field', 'range'], ['partitionByFields'])
  const { field, partitionByFields: partitionFields = [] } = given
  if (typeof field !== 'string') throw wrongType('field', field, 'string')
  checkFieldPath(field)
  if (!Array.isArray(partitionFields) || !partitionFields.every((each) => typeof each === 'string'))
    throw wrongType('partitionByFields', partitionFields, 'array')
  const range = parseRange(given.range)
  if (range.bounds === 'partition' && partitionFields.length === 0)
    throw fail(
      5733408,
      "one may not specify the bounds as 'partition' without specifying a non-empty array of partitionByFields.",
    )
  checkPartitions(field, partitionFields as string[])
  const names = field.split('.')
  const read = compileFieldPath(field)
  const partitions = (partitionFields as string[]).map((path) => ({
    names: path.split('.'),
    read: compileFieldPath(path),
  }))

  function valueOf(document: Document): Point | undefined {
    const value = read(document)
    if (value === undefined || value === null) return undefined
    if (value instanceof Date) {
      if (!range.unit) throw fail(6053600, 'If using $densify on a date field, a unit must be given')
      return value
    }
    if (!isNumeric(value)) throw fail(5733201, 'Densify field type must be numeric or a date')
    if (range.unit) throw fail(6053600, 'Encountered numeric densify value in collection when step has a date unit')
    return value
  }

  function* densify(
    documents: readonly Document[],
    low: Point,
    high: Point,
    inclusive: boolean,
    generated: { count: number },
  ): Generator<Document, void, void> {
    const template = documents.find((document) => valueOf(document) !== undefined)
    // A partition is one only by a document that has the field.
    if (!template && partitions.length > 0) {
      yield* documents
      return
    }
    const blank = partitions.reduce<Document>(
      (made, { names: path, read: get }) => withValue(made, path, get(template ?? {})),
      {},
    )
    let n = 0
    let next: Point = low
    const step = (): void => {
      n++
      next = range.unit ? dateAt(low, n, range) : add(next as NumericValue, range.step)
    }
    const generate = (): Document => {
      if (++generated.count > maxPoints)
        throw fail(
          5897900,
          `Generated ${generated.count} documents in $densify, which is over the limit of ${maxPoints}`,
        )
      const document = withValue(blank, names, next)
      step()
      return document
    }
    for (const document of documents) {
      const value = valueOf(document)
      if (value === undefined) {
        yield document
        continue
      }
      while (compareValues(next, value) < 0 && beforeEnd(next, high, inclusive)) yield generate()
      if (compareValues(next, value) === 0) {
        // The values that follow have the type of the last one seen.
        next = value
        step()
      }
      yield document
    }
    while (beforeEnd(next, high, inclusive)) yield generate()
  }

  return async function* run(input, { pacer }) {
    const documents = await collect(input, new MemoryBound(name, memoryLimit))
    const keyed = await mapSliced(documents, (document) => ({ document, value: valueOf(document) ?? null }), pacer)
    const sorted = (await slicedSort(keyed, (a, b) => compareValues(a.value, b.value), pacer)).map(
      ({ document }) => document,
    )
    const groups = new Map<string, Document[]>()
    const divide = (document: Document): void => {
      const key = partitions.map(({ read: get }) => hashKey(get(document), scope.collator)).join('|')
      const group = groups.get(key)
      if (group) group.push(document)
      else groups.set(key, [document])
    }
    await mapSliced(sorted, divide, pacer)
    const overall = extent(sorted, valueOf)
    const generated = { count: 0 }
    if (groups.size === 0 && partitions.length === 0) groups.set('', [])
    for (const group of groups.values()) {
      const bounds = Array.isArray(range.bounds)
        ? range.bounds
        : range.bounds === 'full'
          ? overall
          : extent(group, valueOf)
      if (bounds) yield* emit(densify(group, bounds[0], bounds[1], !Array.isArray(range.bounds), generated), pacer)
      else yield* emit(group, pacer)
    }
  }
}

function beforeEnd(value: Point, high: Point, inclusive: boolean): boolean {
  const order = compareValues(value, high)
  return order < 0 || (inclusive && order === 0)
}

function extent(
  documents: readonly Document[],
  valueOf: (document: Document) => Point | undefined,
): [Point, Point] | undefined {
  const known = (document: Document): boolean => valueOf(document) !== undefined
  const first = documents.find(known)
  const last = documents.findLast(known)
  return first && last && [valueOf(first) as Point, valueOf(last) as Point]
}
