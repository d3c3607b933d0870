import { type Document, Double } from 'bson'
import { CommandError } from '../../errors.ts'
import { compareValues } from '../../values/compare.ts'
import { setField } from '../../values/document.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { namedArguments } from '../operators/define.ts'
import type { Scope } from '../scope.ts'
import { slicedSort } from '../sliced-sort.ts'
import { MemoryBound, type RunContext } from '../stream.ts'
import { checkGroupBy, outputFields } from './bucket.ts'
import type { StageCompiler } from './compiler.ts'
import { type Rounder, rounderOf } from './granularity.ts'
import type { GroupField } from './group.ts'

interface Entry {
  value: unknown
  document: Document
}

interface Bucket {
  min: unknown
  max: unknown
  entries: Entry[]
}

/** Splits sorted entries into about equal buckets; equal values stay together. */
function split(entries: readonly Entry[], count: number, scope: Scope): Bucket[] {
  const size = Math.max(Math.round(entries.length / count), 1)
  const buckets: Bucket[] = []
  let at = 0
  while (at < entries.length) {
    let end = buckets.length === count - 1 ? entries.length : Math.min(at + size, entries.length)
    while (end < entries.length && compareValues(entries[end]?.value, entries[end - 1]?.value, scope.collator) === 0)
      end++
    const last = entries[end - 1] as Entry
    buckets.push({
      min: entries[at]?.value,
      max: end < entries.length ? entries[end]?.value : last.value,
      entries: entries.slice(at, end),
    })
    at = end
  }
  return buckets
}

/** As split, with bounds rounded to the series; a bucket takes all that lies below its upper bound. */
function splitRounded(entries: readonly Entry[], count: number, rounder: Rounder): Bucket[] {
  const numbers = entries.map(({ value }) => granularNumber(value))
  const size = Math.max(Math.round(entries.length / count), 1)
  const buckets: Bucket[] = []
  let at = 0
  let min = entries.length > 0 ? rounder.down(numbers[0] as number) : 0
  while (at < entries.length) {
    let end = buckets.length === count - 1 ? entries.length : Math.min(at + size, entries.length)
    const max = rounder.up(numbers[end - 1] as number)
    while (end < entries.length && ((numbers[end] as number) < max || (max === 0 && numbers[end] === 0))) end++
    buckets.push({ min: new Double(min), max: new Double(max), entries: entries.slice(at, end) })
    min = max
    at = end
  }
  return buckets
}

function granularNumber(value: unknown): number {
  if (!isNumeric(value))
    throw new CommandError(
      40258,
      'Location40258',
      '$bucketAuto can specify a granularity with numeric boundaries only, but found a value of another type',
    )
  const number = toNumber(value)
  if (Number.isNaN(number))
    throw new CommandError(
      40259,
      'Location40259',
      '$bucketAuto can specify a granularity with numeric boundaries only, but found a NaN',
    )
  if (number < 0)
    throw new CommandError(
      40260,
      'Location40260',
      '$bucketAuto can specify a granularity with non-negative numbers only, but found a negative number',
    )
  return number
}

async function summarize(
  { min, max, entries }: Bucket,
  fields: readonly GroupField[],
  { variables, pacer }: RunContext,
): Promise<Document> {
  const id = { min, max }
  const result: Document = { _id: id }
  for (const { name, accumulator } of fields) {
    const state = accumulator.create(id, variables)
    for (const { document } of entries) {
      state.add(accumulator.input(document, variables))
      const rest = pacer.step()
      if (rest) await rest
    }
    setField(result, name, state.result())
  }
  return result
}

/** $bucketAuto. Errors: 40241 to 40243 for the number of buckets, 40257 to 40260 for the granularity. */
export const compileBucketAutoStage: StageCompiler = (spec, { scope, memoryLimit }, name) => {
  const given = namedArguments(spec, name, ['groupBy', 'buckets'], ['output', 'granularity'])
  checkGroupBy(given.groupBy, 40239)
  const groupBy = scope.compile(given.groupBy, scope)
  if (!isNumeric(given.buckets))
    throw new CommandError(40241, 'Location40241', "The $bucketAuto 'buckets' field must be a numeric value")
  const count = toNumber(given.buckets)
  if (count !== (count | 0))
    throw new CommandError(
      40242,
      'Location40242',
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found ${count}`,
    )
  if (count <= 0)
    throw new CommandError(
      40243,
      'Location40243',
      `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}`,
    )
  const fields = outputFields(given.output, scope, 40244)
  if (fields.some(({ accumulator }) => accumulator.byGroup))
    throw new CommandError(4544714, 'Location4544714', "Can't refer to the group key in $bucketAuto")
  const rounder = rounderOf(given.granularity)
  return async function* run(input, context) {
    const { variables, pacer } = context
    const bound = new MemoryBound('$bucketAuto', memoryLimit)
    const entries: Entry[] = []
    for await (const batch of input)
      for (const document of batch) entries.push({ value: groupBy(bound.hold(document), variables) ?? null, document })
    const sorted = await slicedSort(entries, (a, b) => compareValues(a.value, b.value, scope.collator), pacer)
    const buckets = rounder ? splitRounded(sorted, count, rounder) : split(sorted, count, scope)
    for (const bucket of buckets) yield [await summarize(bucket, fields, context)]
  }
}
