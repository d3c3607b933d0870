import { notImplemented } from '../../errors.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { compileSorter } from '../../values/sort.ts'
import { isObject } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import { fail, namedArguments } from '../operators/define.ts'
import type { Expression, Scope, Variables } from '../scope.ts'
import { addToSet, mergeObjects, push } from './collect.ts'
import { extreme, extremes } from './extremes.ts'
import { first, firstItems, last, lastItems, ranked, type RankedItem } from './position.ts'
import { compileMedian, compilePercentile } from './quantile.ts'
import { standardDeviation } from './statistics.ts'
import { average, sum, tally } from './sum.ts'
import type { Accumulator, AccumulatorCompiler } from './types.ts'

function simple(create: (scope: Scope) => Accumulator): AccumulatorCompiler {
  return (operand, scope) => ({ input: scope.compile(operand, scope), create: () => create(scope) })
}

/** The n of $firstN and its kin: a positive integer; it may read the group's key. Errors: 5787902, 5787903, 5787908. */
export function countArgument(value: unknown): number {
  if (!isNumeric(value)) throw fail(5787902, `Value for 'n' must be of integral type, but found ${String(value)}`)
  const n = toNumber(value)
  if (!Number.isInteger(n) || (n >= 2 ** 63 && String(value) !== '9223372036854775807'))
    throw fail(5787903, `Value for 'n' must be of integral type, but found ${n}`)
  if (n <= 0) throw fail(5787908, `'n' must be greater than 0, found ${n}`)
  return n
}

interface Count {
  of: (group: unknown, variables: Variables) => number
  byGroup: boolean
}

function compileCount(expression: unknown, scope: Scope): Count {
  const count = scope.compile(expression, scope)
  const known = constantOf(count)
  if (known) {
    const n = countArgument(known.value)
    return { of: () => n, byGroup: false }
  }
  return {
    of: (group, variables) => countArgument(count(isObject(group) ? group : { _id: group }, variables)),
    byGroup: true,
  }
}

function withCount(create: (n: number, scope: Scope) => Accumulator): AccumulatorCompiler {
  return (operand, scope, name) => {
    const { n, input } = namedArguments(operand, name, ['n', 'input'])
    const count = compileCount(n, scope)
    return {
      input: scope.compile(input, scope),
      create: (group, variables) => create(count.of(group, variables), scope),
      byGroup: count.byGroup,
    }
  }
}

function withOrder(many: boolean, fromEnd: boolean): AccumulatorCompiler {
  return (operand, scope, name) => {
    const given = namedArguments(operand, name, many ? ['n', 'sortBy', 'output'] : ['sortBy', 'output'])
    if (!isObject(given.sortBy)) throw fail(10065, `invalid parameter: expected an object (sortBy) for ${name}`)
    const sorter = compileSorter(given.sortBy, scope.collator)
    const output = scope.compile(given.output, scope)
    const count = compileCount(many ? given.n : 1, scope)
    const input: Expression = (root, variables): RankedItem => ({
      key: sorter.keyOf(root as object),
      output: output(root, variables),
    })
    return {
      input,
      byGroup: count.byGroup,
      create: (group, variables) => {
        const state = ranked(count.of(group, variables), (a, b) => sorter.compareKeys(a, b), fromEnd)
        return many ? state : { ...state, result: () => (state.result() as unknown[])[0] ?? null }
      },
    }
  }
}

function compileTally(operand: unknown, scope: Scope): ReturnType<AccumulatorCompiler> {
  if (!isObject(operand) || Object.keys(operand).length > 0) throw fail(14, '$count takes no arguments, i.e. $count:{}')
  return { input: scope.compile(null, scope), create: tally }
}

/** Those of one operand, any expression; $group takes no list for it. */
const unary = new Map<string, AccumulatorCompiler>([
  ['$sum', simple(sum)],
  ['$avg', simple(average)],
  ['$min', simple(({ collator }) => extreme(1, collator))],
  ['$max', simple(({ collator }) => extreme(-1, collator))],
  ['$first', simple(first)],
  ['$last', simple(last)],
  ['$push', simple(push)],
  ['$addToSet', simple(({ collator }) => addToSet(collator))],
  ['$mergeObjects', simple(mergeObjects)],
  ['$stdDevPop', simple(() => standardDeviation(false))],
  ['$stdDevSamp', simple(() => standardDeviation(true))],
])

export const unaryAccumulators: ReadonlySet<string> = new Set(unary.keys())

/** Every accumulator of $group, also the base of window functions. */
export const accumulatorTable: ReadonlyMap<string, AccumulatorCompiler> = new Map<string, AccumulatorCompiler>([
  ...unary,
  ['$count', compileTally],
  ['$minN', withCount((n, { collator }) => extremes(n, 1, collator))],
  ['$maxN', withCount((n, { collator }) => extremes(n, -1, collator))],
  ['$firstN', withCount(firstItems)],
  ['$lastN', withCount(lastItems)],
  ['$top', withOrder(false, false)],
  ['$topN', withOrder(true, false)],
  ['$bottom', withOrder(false, true)],
  ['$bottomN', withOrder(true, true)],
  ['$median', compileMedian],
  ['$percentile', compilePercentile],
  [
    '$accumulator',
    (_operand, _scope, name) => {
      throw notImplemented(name)
    },
  ],
])
