import { typeName } from '../../values/types.ts'
import { addMonths, dayLength, startOfDay, timeOf } from './calendar.ts'
import { fail } from './define.ts'
import { fromLocal, toLocal, type Zone } from './zone.ts'

const timeUnits = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const
export type TimeUnit = (typeof timeUnits)[number]

const fixedLengths: Partial<Record<TimeUnit, number>> = {
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}
const monthCounts: Partial<Record<TimeUnit, number>> = { year: 12, quarter: 3, month: 1 }
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** @throws CommandError with the operator's code for another type, or for an unknown name */
export function timeUnit(value: unknown, otherType = 5439013, unknown = 5439014): TimeUnit {
  if (typeof value !== 'string') throw fail(otherType, `unit must be a string, found ${typeName(value)}`)
  const unit = timeUnits.find((each) => each === value)
  if (!unit) throw fail(unknown, `unknown time unit value: ${value}`)
  return unit
}

/** 0 for Monday to 6 for Sunday (the default). Errors: 5439015 for another type, 5439016 for an unknown name. */
export function weekStart(value: unknown): number {
  if (value === undefined) return 6
  if (typeof value !== 'string') throw fail(5439015, `startOfWeek must be a string, found ${typeName(value)}`)
  const name = value.toLowerCase()
  const day = weekdays.findIndex((each) => each === name || each.slice(0, 3) === name)
  if (day < 0) throw fail(5439016, `unknown day of week value: ${value}`)
  return day
}

/** Adds to the wall clock for days and longer, to the instant for hours and shorter. */
export function addUnits(time: number, unit: TimeUnit, amount: number, zone: Zone): number {
  const fixed = fixedLengths[unit]
  if (fixed !== undefined) return time + amount * fixed
  const local = toLocal(time, zone)
  const months = monthCounts[unit]
  return fromLocal(
    months === undefined
      ? local.getTime() + amount * (unit === 'week' ? 7 : 1) * dayLength
      : addMonths(local, amount * months),
    zone,
  )
}

function monthIndex(local: Date): number {
  return local.getUTCFullYear() * 12 + local.getUTCMonth()
}

/** The day number of the week's first day, counted in weeks. */
function weekIndex(local: Date, start: number): number {
  // 1970-01-01 was a Thursday, day 3 of a week that starts on Monday.
  return Math.floor((startOfDay(local) / dayLength + 3 - start) / 7)
}

/** How many boundaries of the unit lie between the two instants. */
export function unitsBetween(from: number, to: number, unit: TimeUnit, zone: Zone, start: number): number {
  const a = toLocal(from, zone)
  const b = toLocal(to, zone)
  const months = monthCounts[unit]
  if (months !== undefined) return Math.floor(monthIndex(b) / months) - Math.floor(monthIndex(a) / months)
  if (unit === 'week') return weekIndex(b, start) - weekIndex(a, start)
  if (unit === 'day') return (startOfDay(b) - startOfDay(a)) / dayLength
  const length = fixedLengths[unit] as number
  if (unit === 'hour') {
    // Local hours begin at the zone's minutes; the count itself is of elapsed instants.
    const shift = zone.offset(from) * 60_000
    return Math.floor((to + shift) / length) - Math.floor((from + shift) / length)
  }
  return Math.floor(to / length) - Math.floor(from / length)
}

const reference = timeOf(2000, 0)

/** The start of the bin of `size` units that holds the instant; bins count from 2000-01-01 (weeks from the first start day after it). */
export function truncate(time: number, unit: TimeUnit, size: number, zone: Zone, start: number): number {
  const local = toLocal(time, zone)
  const months = monthCounts[unit]
  if (months !== undefined) {
    const bin = months * size
    const index = Math.floor((monthIndex(local) - 24000) / bin) * bin + 24000
    return fromLocal(timeOf(Math.floor(index / 12), index % 12), zone)
  }
  if (unit === 'week' || unit === 'day') {
    const first = unit === 'day' ? reference : reference + ((start - 5 + 7) % 7) * dayLength
    const bin = size * (unit === 'week' ? 7 : 1) * dayLength
    return fromLocal(first + Math.floor((startOfDay(local) - first) / bin) * bin, zone)
  }
  const bin = size * (fixedLengths[unit] as number)
  const origin = fromLocal(reference, zone)
  return origin + Math.floor((time - origin) / bin) * bin
}
