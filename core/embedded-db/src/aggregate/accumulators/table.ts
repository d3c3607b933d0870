import { notImplemented } from '../../errors.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { compileSorter } from '../../values/sort.ts'
import { isObject } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import { fail, namedArguments } from '../operators/define.ts'
import type { Expression, Scope, Variables } from '../scope.ts'
import { addToSet, eachElement, mergeObjects, push } from './collect.ts'
import { extreme, extremes } from './extremes.ts'
import { first, firstItems, last, lastItems, ranked, type RankedItem } from './position.ts'
import { median, percentiles, standardDeviation } from './statistics.ts'
import { average, sum, tally } from './sum.ts'
import type { Accumulator, AccumulatorCompiler } from './types.ts'

function simple(create: (scope: Scope, name: string) => Accumulator): AccumulatorCompiler {
  return (operand, scope, name) => {
    if (Array.isArray(operand)) throw fail(40237, `The ${name} accumulator is a unary operator`)
    return { input: scope.compile(operand, scope), create: () => create(scope, name) }
  }
}

/** The n of $firstN and its kin: a positive integer; it may read the group's key. Errors: 5787902, 5787903, 5787908. */
export function countArgument(value: unknown): number {
  if (!isNumeric(value)) throw fail(5787902, `Value for 'n' must be of integral type, but found ${String(value)}`)
  const n = toNumber(value)
  if (!Number.isInteger(n)) throw fail(5787903, `Value for 'n' must be of integral type, but found ${n}`)
  if (n <= 0) throw fail(5787908, `'n' must be greater than 0, found ${n}`)
  return n
}

function compileCount(expression: unknown, scope: Scope): (group: unknown, variables: Variables) => number {
  const count = scope.compile(expression, scope)
  const known = constantOf(count)
  if (known) {
    const n = countArgument(known.value)
    return () => n
  }
  return (group, variables) => countArgument(count(isObject(group) ? group : { _id: group }, variables))
}

function withCount(create: (n: number, scope: Scope) => Accumulator): AccumulatorCompiler {
  return (operand, scope, name) => {
    const { n, input } = namedArguments(operand, name, ['n', 'input'])
    const count = compileCount(n, scope)
    return { input: scope.compile(input, scope), create: (group, variables) => create(count(group, variables), scope) }
  }
}

function withOrder(many: boolean, fromEnd: boolean): AccumulatorCompiler {
  return (operand, scope, name) => {
    const given = namedArguments(operand, name, many ? ['n', 'sortBy', 'output'] : ['sortBy', 'output'])
    if (!isObject(given.sortBy)) throw fail(5788604, `${name} requires 'sortBy' to be an object`)
    const sorter = compileSorter(given.sortBy, scope.collator)
    const output = scope.compile(given.output, scope)
    const count = compileCount(many ? given.n : 1, scope)
    const input: Expression = (root, variables): RankedItem => ({
      key: sorter.keyOf(root as object),
      output: output(root, variables),
    })
    return {
      input,
      create: (group, variables) => {
        const state = ranked(count(group, variables), (a, b) => sorter.compareKeys(a, b), fromEnd)
        return many ? state : { ...state, result: () => (state.result() as unknown[])[0] }
      },
    }
  }
}

/** The checked probabilities of $percentile. Errors: 7750301 to 7750303. */
export function probabilities(value: unknown): number[] {
  if (!Array.isArray(value) || value.length === 0)
    throw fail(7750301, "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]")
  return (value as unknown[]).map((item) => {
    const p = isNumeric(item) ? toNumber(item) : Number.NaN
    if (!(p >= 0 && p <= 1))
      throw fail(
        7750303,
        `The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: ${String(item)}`,
      )
    return p
  })
}

/** The one method there is. Error: 2. */
export function checkMethod(method: unknown): void {
  if (method !== 'approximate') throw fail(2, "Currently only 'approximate' can be used as percentile 'method'.")
}

function compileMedian(operand: unknown, scope: Scope, name: string): ReturnType<AccumulatorCompiler> {
  const { input, method } = namedArguments(operand, name, ['input', 'method'])
  checkMethod(method)
  return { input: scope.compile(input, scope), create: median }
}

function compilePercentile(operand: unknown, scope: Scope, name: string): ReturnType<AccumulatorCompiler> {
  const { input, p, method } = namedArguments(operand, name, ['input', 'p', 'method'])
  checkMethod(method)
  const list = scope.compile(p, scope)
  return {
    input: scope.compile(input, scope),
    create: (_group, variables) => percentiles(probabilities(list({}, variables))),
  }
}

function compileTally(operand: unknown, scope: Scope): ReturnType<AccumulatorCompiler> {
  if (!isObject(operand) || Object.keys(operand).length > 0) throw fail(14, '$count takes no arguments, i.e. $count:{}')
  return { input: scope.compile(null, scope), create: tally }
}

/** Every accumulator of $group, also the base of window functions. */
export const accumulatorTable: ReadonlyMap<string, AccumulatorCompiler> = new Map<string, AccumulatorCompiler>([
  ['$sum', simple(sum)],
  ['$avg', simple(average)],
  ['$count', compileTally],
  ['$min', simple(({ collator }) => extreme(1, collator))],
  ['$max', simple(({ collator }) => extreme(-1, collator))],
  ['$minN', withCount((n, { collator }) => extremes(n, 1, collator))],
  ['$maxN', withCount((n, { collator }) => extremes(n, -1, collator))],
  ['$first', simple(first)],
  ['$last', simple(last)],
  ['$firstN', withCount(firstItems)],
  ['$lastN', withCount(lastItems)],
  ['$top', withOrder(false, false)],
  ['$topN', withOrder(true, false)],
  ['$bottom', withOrder(false, true)],
  ['$bottomN', withOrder(true, true)],
  ['$push', simple(push)],
  ['$addToSet', simple(({ collator }) => addToSet(collator))],
  ['$mergeObjects', simple(mergeObjects)],
  ['$concatArrays', simple((_scope, name) => eachElement(name, push()))],
  ['$setUnion', simple(({ collator }, name) => eachElement(name, addToSet(collator)))],
  ['$stdDevPop', simple(() => standardDeviation(false))],
  ['$stdDevSamp', simple(() => standardDeviation(true))],
  ['$median', compileMedian],
  ['$percentile', compilePercentile],
  [
    '$accumulator',
    (_operand, _scope, name) => {
      throw notImplemented(name)
    },
  ],
])
