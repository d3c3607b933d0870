import { RemoteLoadError } from '../remotes/load-failure.ts'
import type { Incident } from './source.ts'
import { TimeLimitExceeded, withTimeLimit } from './time-limit.ts'

export type Phase = Incident['phase']

/** A unit did not get through a phase of its life. */
export class UnitFailure extends Error {
  readonly phase: Phase
  /** A line that is slow or down is no fault of the plugin. */
  readonly blameless: boolean

  constructor(phase: Phase, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    const late = cause instanceof TimeLimitExceeded
    this.phase = late ? 'timeout' : phase
    const unreachable = cause instanceof RemoteLoadError && cause.code === 'remote_unreachable'
    this.blameless = phase === 'load' && (late || unreachable)
  }
}

/** Does a phase's work within its time. @throws UnitFailure */
export async function inPhase<T>(phase: Phase, limitMs: number, work: () => Promise<T>): Promise<T> {
  try {
    return await withTimeLimit(limitMs, work)
  } catch (error) {
    throw new UnitFailure(phase, error)
  }
}
