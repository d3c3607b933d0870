import type { Aggregates } from './aggregate.ts'

export type Resolution = 'minute' | 'hour' | 'day'

/** One bucket: all slots of one service within an hour (of minutes), a day (of hours) or a month (of days), UTC. */
export interface RollUpDocument {
  /** `<serviceId>@<ISO start>`, so that a service's buckets lie side by side in the order of time. */
  readonly _id: string
  readonly serviceId: string
  readonly start: Date
  /** Aggregates by slot number: minute of the hour, hour of the day, or day of the month from 1. */
  readonly slots: Readonly<Record<string, Aggregates>>
}

export const bucketId = (serviceId: string, start: Date): string => `${serviceId}@${start.toISOString()}`

/** First moment of the bucket that holds `at`. */
export function bucketStart(resolution: Resolution, at: Date): Date {
  const [year, month, day, hour] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours()]
  if (resolution === 'minute') return new Date(Date.UTC(year, month, day, hour))
  if (resolution === 'hour') return new Date(Date.UTC(year, month, day))
  return new Date(Date.UTC(year, month))
}

/** Number of the slot that holds `at` in its bucket. */
export function slotOf(resolution: Resolution, at: Date): number {
  if (resolution === 'minute') return at.getUTCMinutes()
  if (resolution === 'hour') return at.getUTCHours()
  return at.getUTCDate()
}

/** First moment of a slot. */
export function slotStart(resolution: Resolution, bucket: Date, slot: number): Date {
  const start = new Date(bucket)
  if (resolution === 'minute') start.setUTCMinutes(slot)
  else if (resolution === 'hour') start.setUTCHours(slot)
  else start.setUTCDate(slot)
  return start
}
