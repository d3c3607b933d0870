import type { UnitRef } from '../feed/feed.ts'
import type { FailureLog } from './failures.ts'
import type { Incident } from './source.ts'
import { type Phase, UnitFailure } from './unit-failure.ts'

export interface FailureTools {
  readonly failures: FailureLog
  now(): Date
  newIncidentId(): string
  report(incident: Incident): void
}

export interface CountedFailure {
  /** Id under which the failure can be found. */
  readonly incident: string
  readonly phase: Phase
  readonly quarantined: boolean
}

/** Counts what the plugin answers for, and reports. */
export function countFailure(tools: FailureTools, error: unknown, ref: UnitRef): CountedFailure {
  const phase = error instanceof UnitFailure ? error.phase : 'crash'
  const incident = tools.newIncidentId()
  const blameless = error instanceof UnitFailure && error.blameless
  const quarantined = blameless ? tools.failures.quarantined(ref) : tools.failures.record(ref, phase)
  const told = error instanceof Error ? error.message : String(error)
  const message = quarantined ? `Off for the session after repeated failures, now: ${told}` : told
  tools.report({
    id: incident,
    plugin: ref.plugin,
    version: ref.version,
    unit: ref.expose,
    phase,
    message,
    at: tools.now().toISOString(),
    quarantined,
  })
  return { incident, phase, quarantined }
}
