import { DateTime } from 'luxon'

/** A billing cycle: from the start of its first day to the start of the next cycle's first day, local time of the customer. */
export interface Cycle {
  readonly start: Date
  readonly end: Date
  /** Local days in it; a day of 23 or 25 hours is one day. */
  readonly days: number
}

/**
 * The cycle that holds `now`. Cycles start at the beginning of local day `cycleDay` (1 to 28), which is not midnight where the clock
 * jumps over it.
 * @throws RangeError for an unknown time zone
 */
export function cycleAt(now: Date, cycleDay: number, timeZone: string): Cycle {
  const local = DateTime.fromJSDate(now, { zone: timeZone })
  if (!local.isValid) throw new RangeError(`"${timeZone}" is not a time zone`)
  const thisMonth = startOfDay(local.set({ day: cycleDay }))
  const start = thisMonth <= local ? thisMonth : startOfDay(local.minus({ months: 1 }).set({ day: cycleDay }))
  const end = startOfDay(start.plus({ months: 1 }))
  return { start: start.toJSDate(), end: end.toJSDate(), days: Math.round(end.diff(start, 'days').days) }
}

/** Where clocks are put back at one in the morning, as in Cuba, a day has two midnights: it begins with the first. */
function startOfDay(local: DateTime): DateTime {
  const midnight = local.startOf('day')
  const hourBefore = DateTime.fromMillis(midnight.toMillis() - 3_600_000, { zone: local.zone })
  return hourBefore.toISODate() === local.toISODate() ? hourBefore : midnight
}

/** Local calendar day of a moment, `YYYY-MM-DD`. */
export function localDay(moment: Date, timeZone: string): string {
  return DateTime.fromJSDate(moment, { zone: timeZone }).toFormat('yyyy-MM-dd')
}
