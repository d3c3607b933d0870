import type { IncidentKind } from '@dcesop/sdk-plugin/contracts'
import type { JournalRow } from '../journal/journal.ts'
import type { ReasonCode } from '../journal/reasons.ts'
import { isBeforeCode, type State } from '../journal/states.ts'

/** What the publisher of a version is told, by why the host stopped it. The registry knows of what it ordered itself. */
const kinds: Partial<Record<ReasonCode, IncidentKind>> = {
  process_gave_up: 'process_ended',
  start_interrupted: 'start_interrupted',
  canary_interrupted: 'start_interrupted',
  safe_mode_culprit: 'start_interrupted',
  canary_broken: 'canary_errors',
  canary_unwell: 'canary_errors',
  canary_errors: 'canary_errors',
  canary_slow: 'canary_slow',
  canary_screens: 'canary_screens',
  killed_plugin: 'killed',
  killed_version: 'killed',
}

/** Codes of reasons that are incidents, and the states that end with one. */
export const incidentCodes = Object.keys(kinds)
export const incidentEnds: readonly State[] = ['QUARANTINED', 'ROLLED_BACK', 'FAILED']

/** Undefined for a transition that is no incident: what never ran here was refused, not stopped. */
export function incidentKindOf(row: Pick<JournalRow, 'from' | 'to' | 'causes'>): IncidentKind | undefined {
  const { from, to, causes = [] } = row
  if (from === null || isBeforeCode(from) || !incidentEnds.includes(to)) return undefined
  return causes.flatMap(({ code }) => kinds[code as ReasonCode] ?? [])[0]
}
