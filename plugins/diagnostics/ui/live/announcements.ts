import type { LiveIncident, LiveView } from './types.ts'

/** Message id of what is worth saying after a change of the view: only that the verdict is another one, never a number. */
export function changedVerdict(now: LiveView | undefined, before: LiveView | undefined): string | undefined {
  if (now === undefined || before === undefined || now.customerId !== before.customerId) return undefined
  const { state, messageId } = now.health
  return state === before.health.state && messageId === before.health.messageId ? undefined : messageId
}

/** Which pushed incidents are news to whoever looks: that one began, once; that it goes on or ended is on screen. */
export class IncidentNews {
  /** What is on screen does not tell: it stays as it is during a pause. */
  readonly #told = new Set<string>()

  isNews({ customerId, incidents }: Pick<LiveView, 'customerId' | 'incidents'>, pushed: LiveIncident): boolean {
    const key = `${customerId} ${pushed.id}`
    if (pushed.endedAt !== null) this.#told.delete(key)
    if (pushed.endedAt !== null || this.#told.has(key)) return false
    this.#told.add(key)
    return !incidents.some(({ id }) => id === pushed.id)
  }
}
