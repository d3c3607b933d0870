import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { compileFilter } from '../match/filter.ts'
import type { DocumentTest, MatchContext } from '../match/predicate.ts'
import { isObject } from '../values/types.ts'

function failedToParse(message: string): CommandError {
  return new CommandError(9, 'FailedToParse', message)
}

/** The names that the filter's paths begin with, through $and, $or and $nor. */
function topLevelNames(filter: Document): Set<string> {
  const names = new Set<string>()
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) names.add(key.split('.')[0] as string)
    else if (Array.isArray(value))
      for (const branch of value as unknown[])
        if (isObject(branch)) for (const name of topLevelNames(branch)) names.add(name)
  }
  return names
}

/** Compiles arrayFilters to tests of elements by identifier. Errors: 2 and 9. */
export function compileArrayFilters(
  filters: readonly Document[],
  context: MatchContext,
): Map<string, (element: unknown) => boolean> {
  const tests = new Map<string, (element: unknown) => boolean>()
  for (const filter of filters) {
    const test: DocumentTest = compileFilter(filter, context)
    const [identifier, second] = [...topLevelNames(filter)]
    if (identifier === undefined)
      throw failedToParse('Cannot use an expression without a top-level field name in arrayFilters')
    if (second !== undefined)
      throw failedToParse(
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${identifier}' and '${second}'`,
      )
    if (!/^[a-z][a-zA-Z0-9]*$/.test(identifier)) {
      throw new CommandError(
        2,
        'BadValue',
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier}'`,
      )
    }
    if (tests.has(identifier))
      throw failedToParse(`Found multiple array filters with the same top-level field name ${identifier}`)
    tests.set(identifier, (element) => test({ [identifier]: element }))
  }
  return tests
}
