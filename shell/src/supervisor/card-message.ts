/** Reasons of the host, by code, that tell everybody more than the state does. */
export const toldCauses: Readonly<Record<string, string>> = {
  killed_plugin: 'cause.killed',
  killed_version: 'cause.killed',
  yanked: 'cause.withdrawn',
  flagged: 'cause.withdrawn',
  unapproved: 'cause.withdrawn',
  unlisted: 'cause.withdrawn',
  process_gave_up: 'cause.process',
  safe_mode_culprit: 'cause.crash',
  safe_mode_waits: 'cause.safeMode',
}
const states = new Set(['disabled', 'failed', 'starting', 'quarantined', 'removed'])

interface Told {
  readonly reason: string
  readonly state?: string
  readonly cause?: string | undefined
}

/** What follows `shell.card.` in the id of the card's message. */
export function cardMessage({ reason, state = 'removed', cause = '' }: Told): string {
  if (reason !== 'unavailable') return reason
  const told = state === 'removed' ? undefined : toldCauses[cause]
  return told ?? `unavailable.${states.has(state) ? state : 'removed'}`
}
