import { Int32, Long } from 'bson'
import { isNumeric, toNumber } from '../../values/number.ts'
import { isObject, typeName } from '../../values/types.ts'
import { constant } from '../constants.ts'
import type { Expression, Scope } from '../scope.ts'
import { dayOfYear, isoDayOfWeek, isoWeek, isoWeekTime, isoWeekYear, timeOf, weekOfYear } from './calendar.ts'
import {
  compileArguments,
  fail,
  isNullish,
  named,
  namedArguments,
  type OperatorCompiler,
  type OperatorTable,
} from './define.ts'
import { dateOf, fromLocal, toLocal, zoneOf } from './zone.ts'

/** `{ $year: date }` or `{ $year: { date, timezone } }`. */
function part(read: (local: Date) => number, long = false): OperatorCompiler {
  return (operand: unknown, scope: Scope, name: string): Expression => {
    const isNamed = isObject(operand) && !Object.keys(operand)[0]?.startsWith('$')
    const given: Record<string, unknown> = isNamed ? namedArguments(operand, name, ['date'], ['timezone']) : {}
    if (Array.isArray(operand) && operand.length !== 1)
      throw fail(40536, `${name} accepts exactly one argument if given an array, but was given ${operand.length}`)
    const [date] = isNamed
      ? [scope.compile(given.date, scope)]
      : (compileArguments(operand, scope, name, 1, 1) as [Expression])
    const hasZone = 'timezone' in given
    const timezone = hasZone ? scope.compile(given.timezone, scope) : constant(undefined)
    return (root, variables) => {
      const value = date(root, variables)
      if (isNullish(value)) return null
      const zone = zoneOf(timezone(root, variables), hasZone, 40533)
      if (!zone) return null
      const number = read(toLocal(dateOf(value).getTime(), zone))
      return long ? Long.fromNumber(number) : new Int32(number)
    }
  }
}

const clockFields = ['hour', 'minute', 'second', 'millisecond']

function partValue(values: Record<string, unknown>, name: string, standard: number): number | null {
  if (!(name in values)) return standard
  const value = values[name]
  if (isNullish(value)) return null
  const number = isNumeric(value) ? toNumber(value) : Number.NaN
  if (!Number.isInteger(number)) throw fail(40515, `'${name}' must evaluate to an integer, found ${typeName(value)}`)
  return number
}

const isoFields = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek']

/** One way to name a day, not parts of both. Errors: 40489, 40516, 40525. */
function checkParts(operand: unknown): void {
  if (!isObject(operand)) return
  const has = (names: readonly string[]): boolean => names.some((name) => name in operand)
  if ('year' in operand) {
    if (has(isoFields)) throw fail(40489, '$dateFromParts does not allow mixing natural dates with ISO dates')
  } else if (!('isoWeekYear' in operand))
    throw fail(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present")
  else if (has(['month', 'day'])) throw fail(40525, '$dateFromParts does not allow mixing ISO dates with natural dates')
}

/** A part that MongoDB keeps in 16 bits; seconds and milliseconds may be more. Error: 31034. */
function smallPart(values: Record<string, unknown>, name: string, standard: number): number | null {
  const value = partValue(values, name, standard)
  if (value !== null && (value < -32_768 || value > 32_767))
    throw fail(31034, `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${value} is not in range`)
  return value
}

/** Fields out of their range carry over, as month 14 is February of the next year. */
function fromParts(values: Record<string, unknown>, present: Record<string, unknown>): unknown {
  const zone = zoneOf(values.timezone, 'timezone' in present)
  if (!zone) return null
  const iso = 'isoWeekYear' in present
  const clock = clockFields.map((name, i) => (i < 2 ? smallPart : partValue)(values, name, 0))
  const dateParts = iso
    ? [partValue(values, 'isoWeekYear', 1970), smallPart(values, 'isoWeek', 1), smallPart(values, 'isoDayOfWeek', 1)]
    : [partValue(values, 'year', 1970), smallPart(values, 'month', 1), smallPart(values, 'day', 1)]
  if ([...dateParts, ...clock].includes(null)) return null
  const [year, second, third] = dateParts as [number, number, number]
  if (year < 1 || year > 9999)
    throw fail(
      iso ? 31095 : 40523,
      `'${iso ? 'isoWeekYear' : 'year'}' must evaluate to an integer in the range 1 to 9999, found ${year}`,
    )
  const [hour, minute, seconds, millisecond] = clock as [number, number, number, number]
  const day = iso ? isoWeekTime(year, second, third) : timeOf(year, second - 1, third)
  return new Date(fromLocal(day + ((hour * 60 + minute) * 60 + seconds) * 1000 + millisecond, zone))
}

function toParts(values: Record<string, unknown>, present: Record<string, unknown>): unknown {
  if (isNullish(values.date)) return null
  const zone = zoneOf(values.timezone, 'timezone' in present)
  if (!zone || ('iso8601' in present && isNullish(values.iso8601))) return null
  if ('iso8601' in present && typeof values.iso8601 !== 'boolean')
    throw fail(40521, `iso8601 must evaluate to a bool, found ${typeName(values.iso8601)}`)
  const local = toLocal(dateOf(values.date).getTime(), zone)
  const day = values.iso8601
    ? { isoWeekYear: isoWeekYear(local), isoWeek: isoWeek(local), isoDayOfWeek: isoDayOfWeek(local) }
    : { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() }
  const clock = {
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  }
  return Object.fromEntries(Object.entries({ ...day, ...clock }).map(([name, number]) => [name, new Int32(number)]))
}

const dateFromParts = named(
  [],
  [
    'year',
    'month',
    'day',
    'isoWeekYear',
    'isoWeek',
    'isoDayOfWeek',
    'hour',
    'minute',
    'second',
    'millisecond',
    'timezone',
  ],
  fromParts,
)

export const datePartOperators: OperatorTable = {
  $year: part((local) => local.getUTCFullYear()),
  $month: part((local) => local.getUTCMonth() + 1),
  $dayOfMonth: part((local) => local.getUTCDate()),
  $dayOfWeek: part((local) => local.getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $hour: part((local) => local.getUTCHours()),
  $minute: part((local) => local.getUTCMinutes()),
  $second: part((local) => local.getUTCSeconds()),
  $millisecond: part((local) => local.getUTCMilliseconds()),
  $week: part(weekOfYear),
  $isoWeek: part(isoWeek),
  $isoWeekYear: part(isoWeekYear, true),
  $isoDayOfWeek: part(isoDayOfWeek),
  $dateFromParts: (operand, scope, name) => {
    const expression = dateFromParts(operand, scope, name)
    checkParts(operand)
    return expression
  },
  $dateToParts: named(['date'], ['timezone', 'iso8601'], toParts),
}
