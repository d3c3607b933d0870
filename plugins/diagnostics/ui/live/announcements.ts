import type { LiveIncident, LiveView } from './types.ts'

/** Message id of what is worth saying after a change of the view: only that the verdict is another one, never a number. */
export function changedVerdict(now: LiveView | undefined, before: LiveView | undefined): string | undefined {
  if (now === undefined || before === undefined || now.customerId !== before.customerId) return undefined
  const { state, messageId } = now.health
  return state === before.health.state && messageId === before.health.messageId ? undefined : messageId
}

/** Whether an incident that was pushed is news to whoever looks at these: it began; that it goes on or ended is on screen. */
export function isNews(known: readonly LiveIncident[], pushed: LiveIncident): boolean {
  return pushed.endedAt === null && !known.some(({ id }) => id === pushed.id)
}
