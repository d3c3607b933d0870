/** Steps before the generation's own code has run, in their order. */
const beforeCode = ['RESOLVED', 'FETCHED', 'VERIFIED', 'APPROVED', 'STAGED', 'EXPANDING'] as const

/** Steps of a generation from its package to where it can serve, in their order. */
export const bringUpSteps = [...beforeCode, 'STARTING', 'READY'] as const

/** States in which a step is under way: found at boot, the host stopped in the middle of it. */
const transient = [...bringUpSteps, 'CANARY', 'DRAINING'] as const

/** States of a generation (docs/lifecycle.md). */
export type State =
  | (typeof transient)[number]
  | 'ACTIVE'
  | 'DEGRADED'
  | 'STOPPED'
  | 'RETIRED'
  | 'REJECTED'
  | 'FAILED'
  | 'ROLLED_BACK'
  | 'QUARANTINED'

/** From `NEW` (no row yet) and from each state, where a generation may go. `QUARANTINED` is reachable from everywhere that runs or could. */
const next: Readonly<Record<State | 'NEW', readonly State[]>> = {
  NEW: ['RESOLVED', 'REJECTED'],
  RESOLVED: ['FETCHED', 'REJECTED', 'QUARANTINED'],
  FETCHED: ['VERIFIED', 'REJECTED', 'QUARANTINED'],
  VERIFIED: ['APPROVED', 'REJECTED', 'QUARANTINED'],
  APPROVED: ['STAGED', 'REJECTED', 'QUARANTINED'],
  STAGED: ['EXPANDING', 'FAILED', 'QUARANTINED'],
  EXPANDING: ['STARTING', 'FAILED', 'QUARANTINED'],
  // STARTING again: the host stopped in the middle and takes the step once more.
  STARTING: ['STARTING', 'READY', 'FAILED', 'ROLLED_BACK', 'QUARANTINED'],
  READY: ['CANARY', 'STARTING', 'FAILED', 'ROLLED_BACK', 'QUARANTINED'],
  CANARY: ['ACTIVE', 'STARTING', 'FAILED', 'ROLLED_BACK', 'QUARANTINED'],
  // STARTING and STOPPED from a serving state: the host itself was started again or stopped.
  // ACTIVE again: its regions changed.
  ACTIVE: ['ACTIVE', 'DEGRADED', 'DRAINING', 'STARTING', 'FAILED', 'QUARANTINED'],
  DEGRADED: ['ACTIVE', 'DRAINING', 'STARTING', 'FAILED', 'QUARANTINED'],
  DRAINING: ['STOPPED', 'ROLLED_BACK', 'QUARANTINED'],
  STOPPED: ['STARTING', 'REJECTED', 'FAILED', 'RETIRED', 'QUARANTINED'],
  FAILED: ['RESOLVED', 'REJECTED', 'STARTING', 'RETIRED', 'QUARANTINED'],
  ROLLED_BACK: ['RESOLVED', 'REJECTED', 'STARTING', 'RETIRED', 'QUARANTINED'],
  REJECTED: ['RESOLVED', 'REJECTED', 'STARTING', 'RETIRED', 'QUARANTINED'],
  QUARANTINED: ['RESOLVED', 'REJECTED', 'STARTING', 'RETIRED'],
  RETIRED: ['RESOLVED', 'REJECTED', 'QUARANTINED'],
}

export function mayFollow(from: State | undefined, to: State): boolean {
  return next[from ?? 'NEW'].includes(to)
}

/** Whether a step is under way in it. */
export function isTransient(state: State): boolean {
  return (transient as readonly State[]).includes(state)
}

/** Whether the generation's own code has not run yet in it. */
export function isBeforeCode(state: State): boolean {
  return (beforeCode as readonly State[]).includes(state)
}
