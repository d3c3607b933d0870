import { CommandError } from '../../errors.ts'
import { dayOfYear, isoDayOfWeek, isoWeek, isoWeekTime, isoWeekYear, timeOf, weekOfYear } from './calendar.ts'
import { fail } from './define.ts'
import { fromLocal, toLocal, utc, type Zone } from './zone.ts'

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

function pad(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, '0')}` : String(value).padStart(width, '0')
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${pad(size % 60, 2)}`
}

type Formatter = (local: Date, offset: number) => string

const formatters: Record<string, Formatter> = {
  '%': () => '%',
  b: (local) => (months[local.getUTCMonth()] as string).slice(0, 3),
  B: (local) => months[local.getUTCMonth()] as string,
  d: (local) => pad(local.getUTCDate(), 2),
  G: (local) => pad(isoWeekYear(local), 4),
  H: (local) => pad(local.getUTCHours(), 2),
  j: (local) => pad(dayOfYear(local), 3),
  L: (local) => pad(local.getUTCMilliseconds(), 3),
  m: (local) => pad(local.getUTCMonth() + 1, 2),
  M: (local) => pad(local.getUTCMinutes(), 2),
  S: (local) => pad(local.getUTCSeconds(), 2),
  u: (local) => String(isoDayOfWeek(local)),
  U: (local) => pad(weekOfYear(local), 2),
  V: (local) => pad(isoWeek(local), 2),
  w: (local) => String(local.getUTCDay() + 1),
  Y: (local) => pad(local.getUTCFullYear(), 4),
  z: (_local, offset) => offsetText(offset),
  Z: (_local, offset) => String(offset),
}

function checkEnd(format: string): void {
  if (/%$/.test(format.replaceAll('%%', ''))) throw fail(18535, "Unmatched '%' at end of format string")
}

/** Formats by MongoDB's specifiers (%Y %m %d …). Errors: 18535, 18536. */
export function formatDate(time: number, zone: Zone, format: string): string {
  const local = toLocal(time, zone)
  checkEnd(format)
  return format.replace(/%([\s\S])/g, (_match, specifier: string) => {
    const write = formatters[specifier]
    if (!write) throw fail(18536, `Invalid format character '%${specifier}' in format string`)
    // Before standard time zones had offsets with seconds, which are left out.
    return write(local, Math.trunc(zone.offset(time)))
  })
}

function conversionFailure(text: string, why: string): CommandError {
  return new CommandError(241, 'ConversionFailure', `Error parsing date string '${text}'; ${why}`)
}

/** Hours east of UTC of the abbreviations that dates in texts carry. */
const abbreviations: Record<string, number> = {
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  JST: 9,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  AKST: -9,
  AKDT: -8,
  HST: -10,
}

/** The military zones from twelve hours west of UTC to twelve hours east; J stands for none. */
const MILITARY = 'YXWVUTSRQPONZABCDEFGHIKLM'

const offset = '(?:GMT|UTC)?[+-]\\d{2}(?::?\\d{2})?'
const zoneText = `${offset}|[A-Za-z]{1,4}`

/** The minutes east of UTC that the end of a text names; undefined when it names none. */
function minutesEast(text: string): number | undefined {
  const [, sign, hours, minutes = '0'] = /([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? []
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const name = text.toUpperCase()
  const hoursEast = MILITARY.includes(name) ? MILITARY.indexOf(name) - 12 : abbreviations[name]
  return hoursEast === undefined ? undefined : hoursEast * 60
}

const clock = '(\\d{1,2})(?::?(\\d{2})(?:[:.]?(\\d{2})(?:[.,](\\d+))?)?)?'
const iso = new RegExp(`^(\\d{4})-(\\d{1,2})(?:-(\\d{1,2}))?(?:[T ]${clock})?\\s*(${zoneText})?$`)
const compact = new RegExp(`^(\\d{4})(\\d{2})(\\d{2})(?:T${clock})?(Z|${offset})?$`)
const ending = new RegExp(`\\s(${offset}|[A-Za-z]{1,4})$`)

/** Reads ISO 8601 and, failing that, what Date.parse reads. The text's own zone excludes a given one. Error: 241. */
export function parseDate(text: string, zone: Zone | undefined, format: string | undefined): Date {
  if (format !== undefined) return parseByFormat(text, zone, format)
  const match = iso.exec(text) ?? compact.exec(text)
  if (!match) return parseWords(text, zone)
  const [, year, month, day = '1', hour = '0', minute = '0', second = '0', fraction = '', own] = match
  checkRanges(text, Number(month), Number(day), Number(hour), Number(minute), Number(second))
  const local = timeOf(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  )
  return instant(text, local, zone, own)
}

function parseWords(text: string, zone: Zone | undefined): Date {
  const end = ending.exec(text)
  const own = end && minutesEast(end[1] as string) !== undefined ? end : undefined
  const hasDate = /\d/.test(text) && /[A-Za-z]{3}/.test(text)
  const local = hasDate ? Date.parse(`${text.slice(0, own?.index)} UTC`) : Number.NaN
  if (Number.isNaN(local))
    throw conversionFailure(text, `0: an incomplete date/time string has been found, with elements missing: "${text}"`)
  return instant(text, local, zone, own?.[1])
}

/** The instant of a wall clock in its own zone, else in the one that was given. */
function instant(text: string, local: number, zone: Zone | undefined, own: string | undefined): Date {
  if (own === undefined) return new Date(fromLocal(local, zone ?? utc))
  const minutes = minutesEast(own)
  if (minutes === undefined)
    throw conversionFailure(text, `0: The timezone could not be found in the database "${own}"`)
  return withOffset(text, local, zone, minutes)
}

function withOffset(text: string, local: number, zone: Zone | undefined, minutes: number): Date {
  if (zone && zone !== utc)
    throw conversionFailure(
      text,
      'you cannot pass in a date/time string with time zone information together with a timezone argument',
    )
  return new Date(local - minutes * 60_000)
}

function checkRanges(text: string, month: number, day: number, hour: number, minute: number, second: number): void {
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60)
    throw conversionFailure(text, 'unexpected character')
}

const patterns: Record<string, string> = {
  b: '([A-Za-z]{3})',
  B: '([A-Za-z]+)',
  d: '(\\d{1,2})',
  G: '(\\d{1,4})',
  H: '(\\d{1,2})',
  j: '(\\d{1,3})',
  L: '(\\d{1,3})',
  m: '(\\d{1,2})',
  M: '(\\d{1,2})',
  S: '(\\d{1,2})',
  u: '([1-7])',
  V: '(\\d{1,2})',
  Y: '(\\d{4})',
  z: `\\s*(${zoneText})`,
  Z: '([+-]?\\d{1,4})',
}

function parseByFormat(text: string, zone: Zone | undefined, format: string): Date {
  checkEnd(format)
  const order: string[] = []
  const source = format.replace(/%([\s\S])|[\\^$.*+?()[\]{}|/]/g, (match, specifier: string | undefined) => {
    if (specifier === undefined) return `\\${match}`
    if (specifier === '%') return '%'
    const pattern = patterns[specifier]
    if (!pattern) throw fail(18536, `Invalid format character '%${specifier}' in format string`)
    order.push(specifier)
    return pattern
  })
  const match = new RegExp(`^${source}$`).exec(text)
  if (!match) throw conversionFailure(text, 'the string does not match the format')
  const found = new Map(order.map((specifier, i) => [specifier, match[i + 1] as string]))
  const number = (specifier: string, standard: number): number =>
    found.has(specifier) ? Number(found.get(specifier)) : standard
  if (order.some((one) => 'GVu'.includes(one)) && order.some((one) => 'YmdbBj'.includes(one)))
    throw conversionFailure(text, 'Mixing of ISO dates with natural dates is not allowed')
  const monthName = found.get('b') ?? found.get('B')
  const month = monthName
    ? months.findIndex((name) => name.slice(0, 3).toLowerCase() === monthName.slice(0, 3).toLowerCase()) + 1
    : number('m', 1)
  if (!found.has('Y') && !found.has('G'))
    throw conversionFailure(text, 'an incomplete date/time string has been found, with elements missing')
  checkRanges(text, month, number('d', 1), number('H', 0), number('M', 0), number('S', 0))
  const day = found.has('G')
    ? isoWeekTime(number('G', 1970), number('V', 1), number('u', 1))
    : found.has('j')
      ? timeOf(number('Y', 1970), 0, number('j', 1))
      : timeOf(number('Y', 1970), month - 1, number('d', 1))
  const fraction = Number((found.get('L') ?? '').padEnd(3, '0'))
  const local = day + ((number('H', 0) * 60 + number('M', 0)) * 60 + number('S', 0)) * 1000 + fraction
  if (found.has('Z')) return withOffset(text, local, zone, number('Z', 0))
  return instant(text, local, zone, found.get('z'))
}
