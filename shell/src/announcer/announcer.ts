export type Priority = 'polite' | 'assertive'

export interface Announcer {
  announce(message: string, options?: { priority?: Priority; key?: string }): void
  dispose(): void
}

/** What a person wants to hear: everything, only what is urgent, or nothing. */
export type AnnouncementLevel = 'all' | 'critical' | 'none'

/** Messages of one priority come this far apart, as a digest: streams of events must not talk over the person's work. */
const digestMs = 5_000
/** More than this in one digest nobody listens to; the newest count. */
const digestLength = 4

/**
 * Queues what the two live regions say. The first message is said at once and what follows within five seconds together;
 * the same key replaces what still waits, and so does the same text. What is urgent does not wait for what is polite.
 * @param say replaces the content of a live region
 */
export function createAnnouncer(
  say: (priority: Priority, text: string) => void,
  level: () => AnnouncementLevel = () => 'all',
  now: () => number = Date.now,
): Announcer {
  const queues = { polite: createQueue('polite', say, now), assertive: createQueue('assertive', say, now) }
  return {
    announce(message, { priority = 'polite', key = message } = {}) {
      const wanted = level()
      for (const queue of Object.values(queues)) queue.drop(key)
      if (wanted === 'all' || (wanted === 'critical' && priority === 'assertive')) queues[priority].add(key, message)
    },
    dispose() {
      for (const queue of Object.values(queues)) queue.dispose()
    },
  }
}

function createQueue(priority: Priority, say: (priority: Priority, text: string) => void, now: () => number) {
  const waiting = new Map<string, string>()
  let lastDigest = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    timer = undefined
    if (waiting.size === 0) return
    lastDigest = now()
    say(priority, [...waiting.values()].slice(-digestLength).join(' '))
    waiting.clear()
  }

  return {
    drop: (key: string) => void waiting.delete(key),
    add(key: string, message: string) {
      waiting.set(key, message)
      timer ??= setTimeout(flush, Math.max(0, lastDigest + digestMs - now()))
    },
    dispose() {
      clearTimeout(timer)
      waiting.clear()
    },
  }
}
