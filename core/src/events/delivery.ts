import type { ObjectId } from './object-id.ts'
import type { InboxEntry } from './inbox.ts'

/** The part of an event that decides when it is delivered. */
export interface Pending {
  readonly _id: ObjectId
  readonly key: string
}

export const maxAttempts = 12
const firstDelayMs = 500
const longestDelayMs = 300_000

/** Doubling, from half a second up to five minutes; 12 attempts span about 17 minutes. */
export function backOffMs(attempts: number): number {
  return Math.min(firstDelayMs * 2 ** (attempts - 1), longestDelayMs)
}

/** The entry after a handler threw: wait, or give up so that the key's later events are not held for ever. */
export function afterFailure(event: ObjectId, attempts: number, now: Date): InboxEntry {
  if (attempts >= maxAttempts) return { event, state: 'dead', attempts }
  return { event, state: 'waiting', attempts, nextAt: new Date(now.getTime() + backOffMs(attempts)) }
}

export function isFinished(entry: InboxEntry | undefined): boolean {
  return entry?.state === 'done' || entry?.state === 'dead'
}

/**
 * Events to hand over now, one queue for each key in the order of publication. An event that waits for its next attempt
 * holds back the later ones of its key and no others.
 * @param held keys already held back by earlier events; keys found here are added
 */
export function dueQueues<E extends Pending>(
  events: readonly E[],
  seen: ReadonlyMap<string, InboxEntry>,
  held: Set<string>,
  now: Date,
): E[][] {
  const queues = new Map<string, E[]>()
  for (const event of events) {
    const entry = seen.get(event._id.toHexString())
    if (isFinished(entry) || held.has(event.key)) continue
    if (entry?.nextAt && entry.nextAt > now) {
      held.add(event.key)
      continue
    }
    const queue = queues.get(event.key)
    if (queue) queue.push(event)
    else queues.set(event.key, [event])
  }
  return [...queues.values()]
}
