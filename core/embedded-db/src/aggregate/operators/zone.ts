import { FixedOffsetZone, IANAZone, type Zone } from 'luxon'
import { ObjectId, Timestamp } from 'bson'
import { typeName } from '../../values/types.ts'
import { fail, isNullish } from './define.ts'

/** A time zone: the offset in minutes east of UTC at an instant. */
export type { Zone }

export const utc = FixedOffsetZone.utcInstance
const zones = new Map<string, Zone>()

function createZone(name: string): Zone {
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(name)
  if (offset)
    return FixedOffsetZone.instance((offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0)))
  if (/^(UTC|GMT|Z)$/.test(name)) return utc
  const zone = IANAZone.create(name)
  if (!zone.isValid || /^\d|^[+-]/.test(name)) throw fail(40485, `unrecognized time zone identifier: "${name}"`)
  return zone
}

/** The zone of an IANA name or an offset such as +05:30; UTC when absent, undefined when null. Errors: 40485, and the operator's own for another type. */
export function zoneOf(value: unknown, given: boolean, otherType = 40517): Zone | undefined {
  if (!given) return utc
  if (isNullish(value)) return undefined
  if (typeof value !== 'string') throw fail(otherType, `timezone must evaluate to a string, found ${typeName(value)}`)
  let zone = zones.get(value)
  if (!zone) {
    zone = createZone(value)
    zones.set(value, zone)
  }
  return zone
}

const minute = 60_000

/** The wall clock of an instant, as a Date whose UTC fields are the local ones. */
export function toLocal(time: number, zone: Zone): Date {
  return new Date(time + zone.offset(time) * minute)
}

/** The instant of a wall clock; in a gap the clock is taken as before the change, in an overlap the first one. */
export function fromLocal(local: number, zone: Zone): number {
  const first = zone.offset(local)
  const guess = local - first * minute
  const second = zone.offset(guess)
  if (second === first) {
    const earlier = zone.offset(guess - 180 * minute)
    return earlier > first && zone.offset(local - earlier * minute) === earlier ? local - earlier * minute : guess
  }
  const corrected = local - second * minute
  return zone.offset(corrected) === second ? corrected : local - Math.min(first, second) * minute
}

/** The instant of a date, timestamp or ObjectId. Error: 16006. */
export function dateOf(value: unknown, code = 16006): Date {
  if (value instanceof Date) return value
  if (value instanceof ObjectId) return value.getTimestamp()
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000)
  throw fail(code, `can't convert from BSON type ${typeName(value)} to Date`)
}
