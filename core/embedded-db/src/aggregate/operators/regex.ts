import { Int32 } from 'bson'
import { CommandError } from '../../errors.ts'
import { allMatches } from '../../values/bounded-regex.ts'
import { regexParts } from '../../values/compare.ts'
import { compileRegex } from '../../values/regex.ts'
import { bsonType, typeName, typeOf } from '../../values/types.ts'
import { constantOf } from '../constants.ts'
import type { Expression, Scope } from '../scope.ts'
import { fail, isNullish, namedArguments, type OperatorCompiler, type OperatorTable } from './define.ts'

function toRegex(name: string, pattern: unknown, options: unknown): RegExp | undefined {
  if (isNullish(pattern)) return undefined
  const isRegex = typeOf(pattern) === bsonType.regex
  if (!isRegex && typeof pattern !== 'string') throw fail(51105, `${name} needs 'regex' to be of type string or regex`)
  if (!isNullish(options) && typeof options !== 'string')
    throw fail(51106, `${name} needs 'options' to be of type string`)
  const parts = isRegex ? regexParts(pattern as RegExp) : { pattern: pattern as string, options: '' }
  if (parts.options !== '' && !isNullish(options))
    throw fail(51107, `${name}: found regex option(s) specified in both 'regex' and 'option' fields`)
  return compile(name, parts.pattern, isNullish(options) ? parts.options : options)
}

function compile(name: string, pattern: string, options: string): RegExp {
  try {
    return compileRegex(pattern, options)
  } catch (error) {
    if (error instanceof CommandError && error.code === 51091)
      throw fail(51111, `Invalid Regex in ${name}: ${error.message}`)
    throw error
  }
}

/** The three regex operators differ in what they make of the matches; a constant pattern is compiled once. */
function regexOperator(finish: (input: string | null, regex: RegExp | undefined) => unknown): OperatorCompiler {
  return (operand: unknown, scope: Scope, name: string): Expression => {
    const given = namedArguments(operand, name, ['input', 'regex'], ['options'])
    const input = scope.compile(given.input, scope)
    const pattern = scope.compile(given.regex, scope)
    const options = scope.compile(given.options, scope)
    const known =
      constantOf(pattern) && constantOf(options)
        ? { regex: toRegex(name, constantOf(pattern)?.value, constantOf(options)?.value) }
        : undefined
    return (root, variables) => {
      const text = input(root, variables)
      if (!isNullish(text) && typeof text !== 'string' && typeOf(text) !== bsonType.symbol)
        throw fail(51104, `${name} needs 'input' to be of type string, not ${typeName(text)}`)
      const regex = known ? known.regex : toRegex(name, pattern(root, variables), options(root, variables))
      return finish(isNullish(text) ? null : String(text), regex)
    }
  }
}

/** @param idx of the match, in code points */
function describeMatch(match: RegExpExecArray, idx: number): Record<string, unknown> {
  return {
    match: match[0],
    idx: new Int32(idx),
    captures: match.slice(1).map((group) => (group as string | undefined) ?? null),
  }
}

/** Counts each character before a match once, however many matches there are. */
function describeAll(matches: readonly RegExpExecArray[], input: string): Record<string, unknown>[] {
  let [counted, idx] = [0, 0]
  return matches.map((match) => {
    idx += [...input.slice(counted, match.index)].length
    counted = match.index
    return describeMatch(match, idx)
  })
}

export const regexOperators: OperatorTable = {
  $regexMatch: regexOperator((input, regex) => input !== null && regex?.test(input) === true),
  $regexFind: regexOperator((input, regex) => {
    const first = input === null ? null : regex?.exec(input)
    return first ? (describeAll([first], input as string)[0] ?? null) : null
  }),
  $regexFindAll: regexOperator((input, regex) =>
    input === null || !regex ? [] : describeAll(allMatches(regex, input), input),
  ),
}
