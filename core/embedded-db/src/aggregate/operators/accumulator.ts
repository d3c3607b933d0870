import type { Collator } from '../../values/collation.ts'
import { describe } from '../../values/document.ts'
import { isObject, typeName } from '../../values/types.ts'
import { extreme, extremes } from '../accumulators/extremes.ts'
import { firstItems, lastItems } from '../accumulators/position.ts'
import { compileMedian, compilePercentile } from '../accumulators/quantile.ts'
import { standardDeviation } from '../accumulators/statistics.ts'
import { average, sum } from '../accumulators/sum.ts'
import { countArgument } from '../accumulators/table.ts'
import type { Accumulator } from '../accumulators/types.ts'
import { fold } from '../constants.ts'
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

/** The quantiles of an array's numbers, or of the one number. Error: 7436200 and 7436201 for an operand that is no object. */
function ofQuantile(compile: typeof compileMedian, notObject: number): OperatorCompiler {
  return (operand, scope, name) => {
    if (!isObject(operand)) throw fail(notObject, `specification must be an object; found ${describe(operand)}`)
    const { input, create } = compile(operand, scope, name)
    return fold(
      (root, variables) => {
        const value = input(root, variables)
        return addAll(create(), Array.isArray(value) ? (value as unknown[]) : [value])
      },
      [input],
    )
  }
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
  $median: ofQuantile(compileMedian, 7436201),
  $percentile: ofQuantile(compilePercentile, 7436200),
}
