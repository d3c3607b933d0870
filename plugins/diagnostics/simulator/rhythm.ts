import { DateTime } from 'luxon'

const hourMs = 3_600_000
const offsets = new Map<string, number>()

/** Local hour of the day with fraction. The zone's offset is looked up once an hour. */
export function localHour(at: number, timeZone: string): number {
  const hour = Math.floor(at / hourMs)
  const key = `${timeZone}@${hour}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    if (offsets.size > 1000) offsets.clear()
    offset = DateTime.fromMillis(hour * hourMs, { zone: timeZone }).offset
    offsets.set(key, offset)
  }
  return (((at / hourMs + offset / 60) % 24) + 24) % 24
}

/** Load of a network through the day, 0.1 (four in the morning) to 1 (nine in the evening). */
export function dailyLoad(hour: number): number {
  const bell = (peak: number, width: number): number => {
    const distance = Math.min(Math.abs(hour - peak), 24 - Math.abs(hour - peak))
    return Math.exp(-((distance / width) ** 2))
  }
  return Math.min(1, 0.1 + 0.45 * bell(13, 4) + 0.85 * bell(21, 2.8))
}
