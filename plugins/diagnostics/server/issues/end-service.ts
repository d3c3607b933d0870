import type { Stores } from '../stores.ts'

/**
 * Ends what is open of a service that was switched off, and forgets its newest state: without measurements neither would ever end, and
 * what has no end is kept for ever.
 */
export async function endService(stores: Stores, serviceId: string, now: Date, keepDays: number): Promise<void> {
  const expireAt = new Date(now.getTime() + keepDays * 86_400_000)
  await stores.issues.updateMany({ serviceId, endedAt: null }, { $set: { endedAt: now, expireAt } })
  await stores.latest.deleteOne({ _id: serviceId })
}
