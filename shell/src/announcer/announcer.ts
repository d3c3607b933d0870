export type Priority = 'polite' | 'assertive'

export interface Announcer {
  announce(message: string, options?: { priority?: Priority; key?: string }): void
  dispose(): void
}

/** Polite messages come as a digest, this far apart: streams of events must not talk over the person's work. */
const digestMs = 5_000
/** More than this in one digest nobody listens to; the newest count. */
const digestLength = 4

/**
 * Queues what the two live regions say. The same key replaces what still waits, and so does the same text; assertive
 * messages are said at once.
 * @param say replaces the content of a live region
 */
export function createAnnouncer(
  say: (priority: Priority, text: string) => void,
  now: () => number = Date.now,
): Announcer {
  const waiting = new Map<string, string>()
  let lastDigest = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined

  function flush(): void {
    timer = undefined
    if (waiting.size === 0) return
    lastDigest = now()
    say('polite', [...waiting.values()].slice(-digestLength).join(' '))
    waiting.clear()
  }

  return {
    announce(message, { priority = 'polite', key = message } = {}) {
      if (priority === 'assertive') {
        waiting.delete(key)
        say('assertive', message)
        return
      }
      waiting.delete(key)
      waiting.set(key, message)
      timer ??= setTimeout(flush, Math.max(0, lastDigest + digestMs - now()))
    },
    dispose() {
      clearTimeout(timer)
      waiting.clear()
    },
  }
}
