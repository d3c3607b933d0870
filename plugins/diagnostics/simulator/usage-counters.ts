import { cycleAt, type Cycle } from '../server/usage/cycle.ts'
import { clamp, uniform } from './random.ts'
import type { SimulatedService } from './service.ts'

const dayMs = 86_400_000
const bytesPerGb = 1e9

/** Counters since the start of the cycle, as a charging system keeps them: they never go back within a cycle. */
export function usageCounters(
  seed: string,
  service: SimulatedService,
  at: number,
): { dataBytes: number; voiceSeconds?: number; smsCount?: number } {
  const { start, end } = cycleOf(service, at)
  const length = end.getTime() - start.getTime()
  const progress = clamp((at - start.getTime()) / length, 0, 1)
  const share = shareOfAllowance(seed, service, start.getTime(), at, length, progress)
  const allowance = (service.promise.dataGb ?? (service.technology === 'fibre' ? 400 : 90)) * bytesPerGb
  const dataBytes = Math.round(allowance * share)
  if (service.technology === 'fibre') return { dataBytes }
  const talk = uniform(seed, 'talk', service.serviceId)
  return { dataBytes, voiceSeconds: Math.round(talk * 18_000 * progress), smsCount: Math.floor(talk * 40 * progress) }
}

/** The last cycle of each day and zone: calendar arithmetic is slow and most moments lie in the cycle asked for before. */
const cycles = new Map<string, Cycle>()

function cycleOf({ cycleDay, timeZone }: SimulatedService, at: number): Cycle {
  const key = `${cycleDay}/${timeZone}`
  const known = cycles.get(key)
  if (known !== undefined && at >= known.start.getTime() && at < known.end.getTime()) return known
  const cycle = cycleAt(new Date(at), cycleDay, timeZone)
  cycles.set(key, cycle)
  return cycle
}

/** Use as a share of the allowance: days of different weight that add up to the customer's habit by the end of the cycle. */
function shareOfAllowance(
  seed: string,
  service: SimulatedService,
  start: number,
  at: number,
  length: number,
  progress: number,
): number {
  if (service.story === 'near-allowance') return 0.88 + 0.1 * progress
  const habit = service.story === 'heavy-user' ? 3 : 0.25 + 0.6 * uniform(seed, 'habit', service.serviceId)
  const days = Math.round(length / dayMs)
  const today = (at - start) / dayMs
  let [used, total] = [0, 0]
  for (let day = 0; day < days; day += 1) {
    const weight = 0.4 + 1.2 * uniform(seed, 'day', service.serviceId, start, day)
    total += weight
    used += weight * clamp(today - day, 0, 1)
  }
  return (habit * used) / total
}
