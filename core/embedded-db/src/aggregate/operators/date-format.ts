import { CommandError } from '../../errors.ts'
import { typeName } from '../../values/types.ts'
import { constant } from '../constants.ts'
import type { Expression, Scope } from '../scope.ts'
import { formatDate, parseDate } from './date-text.ts'
import { fail, isNullish, namedArguments, type OperatorTable } from './define.ts'
import { dateOf, utc, zoneOf } from './zone.ts'

function compileParts(
  given: Record<string, unknown>,
  names: readonly string[],
  scope: Scope,
): Record<string, Expression> {
  return Object.fromEntries(
    names.map((name) => [name, name in given ? scope.compile(given[name], scope) : constant(undefined)]),
  )
}

function dateToString(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['date'], ['format', 'timezone', 'onNull'])
  const { date, format, timezone, onNull } = compileParts(
    given,
    ['date', 'format', 'timezone', 'onNull'],
    scope,
  ) as Record<'date' | 'format' | 'timezone' | 'onNull', Expression>
  return (root, variables) => {
    const value = date(root, variables)
    const zone = zoneOf(timezone(root, variables), 'timezone' in given)
    if (isNullish(value)) return 'onNull' in given ? onNull(root, variables) : null
    const pattern = 'format' in given ? format(root, variables) : undefined
    if (!zone || ('format' in given && isNullish(pattern))) return null
    if (pattern !== undefined && typeof pattern !== 'string')
      throw fail(18533, `$dateToString requires that 'format' be a string, found: ${typeName(pattern)}`)
    return formatDate(
      dateOf(value).getTime(),
      zone,
      (pattern as string | undefined) ?? (zone === utc ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L'),
    )
  }
}

function dateFromString(operand: unknown, scope: Scope, name: string): Expression {
  const given = namedArguments(operand, name, ['dateString'], ['format', 'timezone', 'onNull', 'onError'])
  const { dateString, format, timezone, onNull, onError } = compileParts(
    given,
    ['dateString', 'format', 'timezone', 'onNull', 'onError'],
    scope,
  ) as Record<'dateString' | 'format' | 'timezone' | 'onNull' | 'onError', Expression>
  return (root, variables) => {
    const text = dateString(root, variables)
    if (isNullish(text)) return 'onNull' in given ? onNull(root, variables) : null
    const pattern = format(root, variables)
    const zone = zoneOf(timezone(root, variables), 'timezone' in given)
    if (!zone || ('format' in given && isNullish(pattern))) return null
    if ('format' in given && typeof pattern !== 'string')
      throw fail(40684, `$dateFromString requires that 'format' be a string, found: ${typeName(pattern)}`)
    try {
      if (typeof text !== 'string')
        throw new CommandError(
          241,
          'ConversionFailure',
          `$dateFromString requires that 'dateString' be a string, found: ${typeName(text)} with value ${String(text)}`,
        )
      return parseDate(text, 'timezone' in given ? zone : undefined, pattern as string | undefined)
    } catch (error) {
      if ('onError' in given && error instanceof CommandError && error.code === 241) return onError(root, variables)
      throw error
    }
  }
}

export const dateFormatOperators: OperatorTable = { $dateToString: dateToString, $dateFromString: dateFromString }
