import type { Document } from 'bson'
import { add } from '../../values/arithmetic.ts'
import { compareValues } from '../../values/compare.ts'
import { hashKey } from '../../values/hash-key.ts'
import { isNumeric, type NumericValue, toNumber } from '../../values/number.ts'
import { compileFieldPath } from '../../values/paths.ts'
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

function parseRange(spec: unknown): Range {
  const { step, unit, bounds } = namedArguments(spec, '$densify.range', ['step', 'bounds'], ['unit'])
  if (!isNumeric(step) || toNumber(step) <= 0)
    throw fail(5733401, 'the step parameter in a range statement must be a strictly positive numeric value')
  const timed = unit === undefined ? undefined : timeUnit(unit)
  if (timed && !Number.isInteger(toNumber(step)))
    throw fail(6586400, 'The step parameter in a range satement must be a whole number when densifying a date range')
  if (bounds === 'full' || bounds === 'partition') return { step, unit: timed, bounds }
  const [low, high] = Array.isArray(bounds) ? (bounds as unknown[]) : []
  if (!Array.isArray(bounds) || bounds.length !== 2)
    throw fail(5733403, 'a bounding array in a range statement must have exactly two elements')
  const fits = (value: unknown): value is Point => (timed ? value instanceof Date : isNumeric(value))
  if (!fits(low) || !fits(high))
    throw fail(5733409, 'the bounds in a range statement must be numbers, or dates with a unit')
  if (compareValues(low, high) > 0)
    throw fail(5733402, 'the bounds in a range statement must be the same type and in ascending order')
  return { step, unit: timed, bounds: [low, high] }
}

/** The nth date after a start; counted from the start so that months do not drift. */
function dateAt(start: Point, n: number, { step, unit }: Range): Date {
  return new Date(addUnits((start as Date).getTime(), unit ?? 'millisecond', n * toNumber(step), utc))
}

const maxPoints = 500_000

/** $densify: adds documents where the field, a number or a date, skips a step. Errors: 9, 5733201 and its neighbours. */
export const compileDensifyStage: StageCompiler = (spec, { scope, memoryLimit }, name) => {
  const given = namedArguments(spec, name, ['field', 'range'], ['partitionByFields'])
  const { field, partitionByFields: partitionFields = [] } = given
  if (typeof field !== 'string') throw fail(14, "BSON field '$densify.field' is the wrong type, expected type 'string'")
  checkFieldPath(field)
  if (!Array.isArray(partitionFields) || !partitionFields.every((each) => typeof each === 'string'))
    throw fail(14, "BSON field '$densify.partitionByFields' must be an array of strings")
  const range = parseRange(given.range)
  if (range.bounds === 'partition' && partitionFields.length === 0)
    throw fail(
      5733408,
      "one may not specify the bounds as 'partition' without specifying a non-empty array of partitionByFields.",
    )
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
  ): Generator<Document, void, void> {
    const template = documents.find((document) => valueOf(document) !== undefined) ?? documents[0] ?? {}
    const blank = partitions.reduce<Document>(
      (made, { names: path, read: get }) => withValue(made, path, get(template)),
      {},
    )
    let n = 0
    let next: Point = low
    const step = (): void => {
      n++
      if (n > maxPoints) throw fail(5897900, 'Generated too many documents in $densify')
      next = range.unit ? dateAt(low, n, range) : add(next as NumericValue, range.step)
    }
    for (const document of documents) {
      const value = valueOf(document)
      if (value === undefined) {
        yield document
        continue
      }
      while (compareValues(next, value) < 0 && beforeEnd(next, high, inclusive)) {
        yield withValue(blank, names, next)
        step()
      }
      if (compareValues(next, value) === 0) step()
      yield document
    }
    while (beforeEnd(next, high, inclusive)) {
      yield withValue(blank, names, next)
      step()
    }
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
    for (const group of groups.values()) {
      const bounds = Array.isArray(range.bounds)
        ? range.bounds
        : range.bounds === 'full'
          ? overall
          : extent(group, valueOf)
      if (bounds) yield* emit(densify(group, bounds[0], bounds[1], !Array.isArray(range.bounds)), pacer)
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
