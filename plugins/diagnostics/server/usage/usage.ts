import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { MetricId } from '../metrics/catalogue.ts'
import type { LatestDocument } from '../series/latest.ts'
import type { RollUpDocument } from '../series/roll-up-document.ts'
import { slotStart } from '../series/roll-up-document.ts'
import { cycleAt, localDay } from './cycle.ts'
import { project, type Projection } from './projection.ts'

const dayMs = 86_400_000
/** Charging counters come less often than measurements; older ones are stale. */
export const usageFreshMs = dayMs
const bytesPerGb = 1e9

/** Use of one service in the current cycle. Counters come from the charging system and start at zero with each cycle. */
export interface UsageSummary {
  readonly serviceId: string
  readonly cycle: { readonly start: Date; readonly end: Date; readonly timeZone: string }
  /** Absent while no counter of this cycle has come in. */
  readonly usedBytes?: number
  /** Absent for unlimited plans. */
  readonly allowanceBytes?: number
  readonly projection?: Projection
  readonly voiceSeconds?: number
  readonly smsCount?: number
  /** Local days with the most use, of those whose counters are known; at most five. */
  readonly topDays: readonly { readonly day: string; readonly bytes: number }[]
  readonly at?: Date
  readonly source?: string
  readonly simulated?: boolean
}

/**
 * @param hours roll-up buckets of hours since the start of the cycle, in any order
 */
export function summarise(
  service: ServiceRecord,
  latest: LatestDocument | undefined,
  hours: readonly RollUpDocument[],
  now: Date,
): UsageSummary {
  const cycle = cycleAt(now, service.cycleDay, service.timeZone)
  const current = (metric: MetricId): NonNullable<LatestDocument['metrics'][MetricId]> | undefined => {
    const state = latest?.metrics[metric]
    // By a clock that is ahead the next cycle has begun, and its counter.
    return state !== undefined && state.at >= cycle.start && state.at < cycle.end ? state : undefined
  }
  const data = current('dataBytes')
  const days = dailyIncrements(hours, cycle.start, service.timeZone)
  const [voice, sms] = [current('voiceSeconds'), current('smsCount')]
  const { dataGb } = service.plan.promise
  return {
    serviceId: service.id,
    cycle: { start: cycle.start, end: cycle.end, timeZone: service.timeZone },
    topDays: days.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5),
    ...(dataGb === undefined ? {} : { allowanceBytes: dataGb * bytesPerGb }),
    ...(voice === undefined ? {} : { voiceSeconds: voice.value }),
    ...(sms === undefined ? {} : { smsCount: sms.value }),
    ...(data === undefined ? {} : measured(data, cycle, days, service.timeZone)),
  }
}

/** How much of an allowance is used, in per cent; a plan that includes no data is not used up while none is used. */
export function usedPercent(usedBytes: number, allowanceBytes: number): number {
  if (allowanceBytes === 0) return usedBytes === 0 ? 0 : 100
  return (100 * usedBytes) / allowanceBytes
}

function measured(
  data: { value: number; at: Date; source: string; simulated: boolean },
  cycle: { start: Date; end: Date },
  days: readonly { day: string; bytes: number }[],
  timeZone: string,
): Pick<UsageSummary, 'usedBytes' | 'projection' | 'at' | 'source' | 'simulated'> {
  const elapsed = (data.at.getTime() - cycle.start.getTime()) / dayMs
  const remaining = (cycle.end.getTime() - data.at.getTime()) / dayMs
  // The day of the last counter is not over for it, whatever day it is by now.
  const whole = days.filter(({ day }) => day < localDay(data.at, timeZone)).map(({ bytes }) => bytes)
  return {
    usedBytes: data.value,
    projection: project(data.value, elapsed, remaining, whole),
    at: data.at,
    source: data.source,
    simulated: data.simulated,
  }
}

/**
 * Use by local day: the growth of the counter from the end of one day to the end of the next. A day whose predecessor has no counter
 * is left out, except the first of the cycle, which started at zero.
 */
export function dailyIncrements(
  hours: readonly RollUpDocument[],
  cycleStart: Date,
  timeZone: string,
): { day: string; bytes: number }[] {
  const ends = new Map<string, { at: Date; counter: number }>()
  for (const bucket of hours) {
    for (const [slot, aggregates] of Object.entries(bucket.slots)) {
      const counter = aggregates.dataBytes
      const start = slotStart('hour', bucket.start, Number(slot))
      if (counter === undefined || start < cycleStart) continue
      const day = localDay(start, timeZone)
      const known = ends.get(day)
      if (known === undefined || known.at < counter.lastAt) ends.set(day, { at: counter.lastAt, counter: counter.last })
    }
  }
  const first = localDay(cycleStart, timeZone)
  return [...ends]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([day, { counter }]) => {
      const before = day === first ? 0 : ends.get(dayBefore(day))?.counter
      return before === undefined ? [] : [{ day, bytes: Math.max(0, counter - before) }]
    })
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - dayMs).toISOString().slice(0, 10)
}
