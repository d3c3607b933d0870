/** Whether the calendar has the day with which the text begins, `YYYY-MM-DD`: `Date` takes 31 February for a day in March. */
export function isCalendarDay(text: string): boolean {
  const moment = new Date(text)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === text.slice(0, 10)
}

/** Zones that were found valid: making a formatter is slow, and there are some hundred of them. */
const knownZones = new Set<string>()

/** Whether it names a time zone that dates can be computed in. */
export function isTimeZone(text: string): boolean {
  if (knownZones.has(text)) return true
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
  knownZones.add(text)
  return true
}
