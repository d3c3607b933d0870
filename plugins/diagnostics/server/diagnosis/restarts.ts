import { readSlots } from '../series/range.ts'
import type { Stores } from '../stores.ts'

const spanMs = 24 * 3_600_000

/** How often the CPE restarted in the last 24 hours: each time its uptime came out shorter than before. */
export async function countRestarts(stores: Stores, serviceId: string, now: Date): Promise<number> {
  const from = new Date(now.getTime() - spanMs)
  const slots = await readSlots(stores, { serviceId, from, to: now, resolution: 'minute' })
  return restartsIn(slots.flatMap(({ aggregates }) => (aggregates.uptime === undefined ? [] : [aggregates.uptime])))
}

/** @param uptimes extremes and last value of the uptime by slot, in the order of time */
export function restartsIn(uptimes: readonly { min: number; max: number; last: number }[]): number {
  let restarts = 0
  let before: number | undefined
  for (const { min, last } of uptimes) {
    if (before !== undefined && min < before) restarts += 1
    before = last
  }
  return restarts
}
