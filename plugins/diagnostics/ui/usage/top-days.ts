import type { ServiceUsage } from './types.ts'

const dayMs = 86_400_000

/**
 * The days with the most use, at most three; none where the highest of them is below the mean of the cycle so far, because then a day
 * with more use has no counter.
 */
export function knownTopDays({ topDays, usedBytes, at, cycle }: ServiceUsage): ServiceUsage['topDays'] {
  const [top] = topDays
  if (!top || usedBytes === undefined || at === undefined) return []
  const days = Math.max(1, Math.ceil((Date.parse(at) - Date.parse(cycle.start)) / dayMs))
  return top.bytes < usedBytes / days ? [] : topDays.slice(0, 3)
}
