import type { Collator } from '../../values/collation.ts'
import { typeName } from '../../values/types.ts'
import { extreme, extremes } from '../accumulators/extremes.ts'
import { firstItems, lastItems } from '../accumulators/position.ts'
import { median, percentiles, standardDeviation } from '../accumulators/statistics.ts'
import { average, sum } from '../accumulators/sum.ts'
import { checkMethod, countArgument, probabilities } from '../accumulators/table.ts'
import type { Accumulator } from '../accumulators/types.ts'
import { fail, named, type OperatorCompiler, type OperatorTable, variadic } from './define.ts'

function addAll(state: Accumulator, values: readonly unknown[]): unknown {
  for (const value of values) state.add(value)
  return state.result()
}

/** Outside $group, one array argument gives its elements, several arguments are the values themselves. */
function overValues(create: (collator: Collator | undefined) => Accumulator): OperatorCompiler {
  return variadic(0, Infinity, (values, collator) => {
    const [only] = values
    return addAll(create(collator), values.length === 1 && Array.isArray(only) ? (only as unknown[]) : values)
  })
}

function ofArray(name: string, create: (n: number, collator: Collator | undefined) => Accumulator): OperatorCompiler {
  return named(['n', 'input'], [], ({ n, input }, _present, collator) => {
    if (!Array.isArray(input))
      throw fail(5788200, `${name} requires 'input' to be an array, but found ${typeName(input)}`)
    return addAll(create(countArgument(n), collator), input as unknown[])
  })
}

function inputValues(input: unknown): unknown[] {
  return Array.isArray(input) ? (input as unknown[]) : [input]
}

export const accumulatorOperators: OperatorTable = {
  $sum: overValues(sum),
  $avg: overValues(average),
  $min: overValues((collator) => extreme(1, collator)),
  $max: overValues((collator) => extreme(-1, collator)),
  $stdDevPop: overValues(() => standardDeviation(false)),
  $stdDevSamp: overValues(() => standardDeviation(true)),
  $firstN: ofArray('$firstN', firstItems),
  $lastN: ofArray('$lastN', lastItems),
  $minN: ofArray('$minN', (n, collator) => extremes(n, 1, collator)),
  $maxN: ofArray('$maxN', (n, collator) => extremes(n, -1, collator)),
  $median: named(['input', 'method'], [], ({ input, method }) => {
    checkMethod(method)
    return addAll(median(), inputValues(input))
  }),
  $percentile: named(['input', 'p', 'method'], [], ({ input, p, method }) => {
    checkMethod(method)
    return addAll(percentiles(probabilities(p)), inputValues(input))
  }),
}
