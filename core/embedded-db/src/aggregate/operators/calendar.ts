/** Calendar arithmetic on dates whose UTC fields are the wall clock (see toLocal). */

export const dayLength = 86_400_000
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The time of calendar fields, which may overflow; unlike Date.UTC, years 0 to 99 are themselves. */
export function timeOf(
  year: number,
  month: number,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  date.setUTCHours(hour, minute, second, millisecond)
  return date.getTime()
}

function monthLength(year: number, month: number): number {
  return month === 1 && ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0) ? 29 : (daysOfMonth[month] as number)
}

export function startOfDay(local: Date): number {
  return Math.floor(local.getTime() / dayLength) * dayLength
}

export function dayOfYear(local: Date): number {
  return (startOfDay(local) - timeOf(local.getUTCFullYear(), 0)) / dayLength + 1
}

/** 1 for Monday to 7 for Sunday. */
export function isoDayOfWeek(local: Date): number {
  return local.getUTCDay() || 7
}

export function isoWeekYear(local: Date): number {
  return new Date(startOfDay(local) + (4 - isoDayOfWeek(local)) * dayLength).getUTCFullYear()
}

export function isoWeek(local: Date): number {
  const thursday = new Date(startOfDay(local) + (4 - isoDayOfWeek(local)) * dayLength)
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1
}

/** Weeks begin on Sundays; days before the first Sunday are in week 0. */
export function weekOfYear(local: Date): number {
  return Math.floor((dayOfYear(local) + 6 - local.getUTCDay()) / 7)
}

/** The time of an ISO 8601 week date. */
export function isoWeekTime(year: number, week: number, day: number): number {
  const fourth = new Date(timeOf(year, 0, 4))
  return startOfDay(fourth) + ((week - 1) * 7 + day - isoDayOfWeek(fourth)) * dayLength
}

/** Adds months, keeping the day where the month has it and else its last day. */
export function addMonths(local: Date, months: number): number {
  const index = local.getUTCFullYear() * 12 + local.getUTCMonth() + months
  const year = Math.floor(index / 12)
  const month = index - year * 12
  const day = Math.min(local.getUTCDate(), monthLength(year, month))
  return timeOf(year, month, day) + (local.getTime() - startOfDay(local))
}
