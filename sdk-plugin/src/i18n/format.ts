import { dateFormat, numberFormat, relativeFormat } from './intl-cache.ts'

export type Unit = 'Mbps' | 'Kbps' | 'GB' | 'MB' | 'ms' | 'dBm' | 'dB' | '%' | 'h' | 'min' | 's'

/** Units that Intl knows (ECMA-402 sanctioned units); the others are a number, a no-break space and the symbol. */
const intlUnits: Partial<Record<Unit, string>> = {
  GB: 'gigabyte',
  MB: 'megabyte',
  ms: 'millisecond',
  '%': 'percent',
  h: 'hour',
  min: 'minute',
  s: 'second',
}

const defaultDigits: Record<Unit, number> = {
  Mbps: 1,
  Kbps: 0,
  GB: 1,
  MB: 0,
  ms: 0,
  dBm: 1,
  dB: 1,
  '%': 1,
  h: 1,
  min: 0,
  s: 0,
}

/** `value` in `unit`, with exactly `digits` decimals when given, else at most the unit's usual precision. Percent is 0 to 100. */
export function formatUnit(locale: string, value: number, unit: Unit, digits?: number): string {
  const precision =
    digits === undefined
      ? { maximumFractionDigits: defaultDigits[unit] }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits }
  const intlUnit = intlUnits[unit]
  return intlUnit === undefined
    ? `${numberFormat(locale, precision).format(value)}\u00a0${unit}`
    : numberFormat(locale, { style: 'unit', unit: intlUnit, ...precision }).format(value)
}

/** Money from minor units (cents); the currency's own digits as Intl knows them, never derived from the locale. */
export function formatMoney(locale: string, minorUnits: number, currency: string): string {
  const formatter = numberFormat(locale, { style: 'currency', currency })
  const digits = formatter.resolvedOptions().maximumFractionDigits ?? 2
  return formatter.format(minorUnits / 10 ** digits)
}

const steps: readonly (readonly [limit: number, seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [86_400, 3600, 'hour'],
  [30 * 86_400, 86_400, 'day'],
  [365 * 86_400, 30 * 86_400, 'month'],
  [Number.POSITIVE_INFINITY, 365 * 86_400, 'year'],
]

/**
 * "hace 40 s", "in 3 min.": distance from `now` in its largest whole unit. Months and years are written out: in Spanish the
 * short month is "m", which reads as minutes.
 */
export function formatRelative(locale: string, at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  const [, size, unit] = steps.find(([limit]) => Math.abs(seconds) < limit) ?? [0, 1, 'second' as const]
  const style = unit === 'month' || unit === 'year' ? 'long' : 'short'
  return relativeFormat(locale, { style, numeric: 'auto' }).format(Math.trunc(seconds / size), unit)
}

/**
 * A date, a time of day, or both. A time of day in a zone whose clocks differ from the viewer's carries the zone's name: the
 * long one, since browsers do not translate the cities of the short ones ("hora de Mexico City").
 */
export function formatDate(locale: string, at: Date, options: Intl.DateTimeFormatOptions): string {
  const text = dateFormat(locale, options).format(at)
  const { timeZone, timeStyle, hour } = options
  if (timeZone === undefined || (timeStyle ?? hour) === undefined) return text
  const differs = zoneName('en', at, 'longOffset', timeZone) !== zoneName('en', at, 'longOffset')
  return differs ? `${text} (${zoneName(locale, at, 'longGeneric', timeZone)})` : text
}

function zoneName(locale: string, at: Date, style: 'longOffset' | 'longGeneric', timeZone?: string): string {
  const parts = dateFormat(locale, { timeZoneName: style, ...(timeZone && { timeZone }) }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
