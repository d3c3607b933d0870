/** States of a generation (docs: plugin platform, section 4). */
export const states = [
  'RESOLVED',
  'FETCHED',
  'VERIFIED',
  'APPROVED',
  'STAGED',
  'EXPANDING',
  'STARTING',
  'READY',
  'CANARY',
  'ACTIVE',
  'DEGRADED',
  'DRAINING',
  'STOPPED',
  'RETIRED',
  'REJECTED',
  'FAILED',
  'ROLLED_BACK',
  'QUARANTINED',
] as const

export type State = (typeof states)[number]

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
  RETIRED: ['RESOLVED', 'REJECTED'],
}

export function mayFollow(from: State | undefined, to: State): boolean {
  return next[from ?? 'NEW'].includes(to)
}

/** States in which a step is under way: found at boot, the host stopped in the middle of it. */
const transient: readonly State[] = [
  'RESOLVED',
  'FETCHED',
  'VERIFIED',
  'APPROVED',
  'STAGED',
  'EXPANDING',
  'STARTING',
  'READY',
  'CANARY',
  'DRAINING',
]

export function isTransient(state: State): boolean {
  return transient.includes(state)
}

/** States in which the generation's own code has not run yet. */
const beforeCode: readonly State[] = ['RESOLVED', 'FETCHED', 'VERIFIED', 'APPROVED', 'STAGED', 'EXPANDING']

export function isBeforeCode(state: State): boolean {
  return beforeCode.includes(state)
}
