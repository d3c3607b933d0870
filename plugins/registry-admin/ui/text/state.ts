import type { Tone } from '@dcesop/sdk-plugin/ui'

const tones: Readonly<Record<string, Tone>> = {
  ACTIVE: 'ok',
  CANARY: 'info',
  DEGRADED: 'warn',
  STARTING: 'info',
  EXPANDING: 'info',
  STAGED: 'info',
  READY: 'info',
  DRAINING: 'info',
  FAILED: 'danger',
  REJECTED: 'danger',
  QUARANTINED: 'danger',
  ROLLED_BACK: 'warn',
}

const named = [
  ...Object.keys(tones),
  'STOPPED',
  'RETIRED',
  'DISABLED',
  'OFFERED',
  'RESOLVED',
  'FETCHED',
  'VERIFIED',
  'APPROVED',
]

export function toneOf(state: string): Tone {
  return tones[state] ?? 'neutral'
}

/** Message id of a state; undefined for one that these screens do not know yet. */
export function stateId(state: string): string | undefined {
  return named.includes(state) ? `state.${state.toLowerCase()}` : undefined
}
