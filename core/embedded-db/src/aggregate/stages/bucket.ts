import { type Document, Int32 } from 'bson'
import { CommandError } from '../../errors.ts'
import { compareValues, typeBracket } from '../../values/compare.ts'
import { isObject } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import { namedArguments } from '../operators/define.ts'
import type { Scope } from '../scope.ts'
import { slicedSort } from '../sliced-sort.ts'
import { emit } from '../stream.ts'
import type { StageCompiler } from './compiler.ts'
import { compileGroupFields, type GroupField, Groups } from './group.ts'

export function outputFields(output: unknown, scope: Scope, code = 40196): GroupField[] {
  if (output !== undefined && !isObject(output))
    throw new CommandError(code, `Location${code}`, "The 'output' field must be an object")
  return compileGroupFields(output ?? { count: { $sum: new Int32(1) } }, scope)
}

/** What to group by is a path or an expression. */
export function checkGroupBy(groupBy: unknown, code: number): void {
  if (!isObject(groupBy) && !(typeof groupBy === 'string' && groupBy.startsWith('$')))
    throw new CommandError(
      code,
      `Location${code}`,
      "The 'groupBy' field must be defined as a $-prefixed path or an expression",
    )
}

function constantValue(expression: unknown, scope: Scope, code: number, message: string): unknown {
  const known = constantOf(scope.compile(expression, scope))
  if (!known) throw new CommandError(code, `Location${code}`, message)
  return known.value
}

/** Boundaries are constants of one type, ascending. Errors: 40191 to 40194. */
function compileBoundaries(list: unknown, scope: Scope): unknown[] {
  if (!Array.isArray(list))
    throw new CommandError(40200, 'Location40200', "The $bucket 'boundaries' field must be an array.")
  const boundaries = (list as unknown[]).map((item) =>
    constantValue(item, scope, 40191, "The $bucket 'boundaries' field must be an array of constant values."),
  )
  if (boundaries.length < 2)
    throw new CommandError(
      40192,
      'Location40192',
      "The $bucket 'boundaries' field must have at least 2 values, but found 1 value(s).",
    )
  boundaries.slice(1).forEach((upper, i) => {
    const lower = boundaries[i]
    if (typeBracket(lower) !== typeBracket(upper))
      throw new CommandError(
        40193,
        'Location40193',
        `All values in the 'boundaries' option to $bucket must have the same type.`,
      )
    if (compareValues(lower, upper, scope.collator) >= 0)
      throw new CommandError(
        40194,
        'Location40194',
        `The 'boundaries' option to $bucket must be sorted, but elements ${i} and ${i + 1} are not in ascending order.`,
      )
  })
  return boundaries
}

/** $bucket: groups by the boundary at or below the value, in order; empty buckets are left out. */
export const compileBucketStage: StageCompiler = (spec, { scope, memoryLimit }, name) => {
  const given = namedArguments(spec, name, ['groupBy', 'boundaries'], ['default', 'output'])
  checkGroupBy(given.groupBy, 40202)
  const groupBy = scope.compile(given.groupBy, scope)
  const boundaries = compileBoundaries(given.boundaries, scope)
  const hasDefault = 'default' in given
  const otherwise = hasDefault
    ? constantValue(given.default, scope, 40195, "The $bucket 'default' field must be a constant.")
    : undefined
  const [lowest, highest] = [boundaries[0], boundaries.at(-1)]
  if (
    hasDefault &&
    compareValues(otherwise, lowest, scope.collator) >= 0 &&
    compareValues(otherwise, highest, scope.collator) < 0
  ) {
    throw new CommandError(
      40199,
      'Location40199',
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    )
  }
  const fields = outputFields(given.output, scope)
  const bucketOf = (value: unknown): unknown => {
    if (compareValues(value, lowest, scope.collator) >= 0 && compareValues(value, highest, scope.collator) < 0) {
      return boundaries.findLast((boundary) => compareValues(value, boundary, scope.collator) >= 0)
    }
    if (!hasDefault)
      throw new CommandError(
        40066,
        'Location40066',
        '$switch could not find a matching branch for an input, and no default was specified.',
      )
    return otherwise
  }
  return async function* run(input, { variables, pacer }) {
    const groups = new Groups(fields, scope, memoryLimit)
    for await (const batch of input)
      for (const document of batch) groups.add(bucketOf(groupBy(document, variables)), document, variables)
    yield* emit(
      await slicedSort(
        [...groups.results()],
        (a: Document, b: Document) => compareValues(a._id, b._id, scope.collator),
        pacer,
      ),
      pacer,
    )
  }
}
