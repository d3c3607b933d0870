import type { DiagnosisStep } from './types.ts'

/**
 * The steps that were or will be run, and those that no longer need to be, because the cause was found before them: each of these
 * would say the same.
 */
export function splitSteps(steps: readonly DiagnosisStep[]): {
  readonly told: readonly DiagnosisStep[]
  readonly notNeeded: readonly DiagnosisStep[]
} {
  const isNotNeeded = ({ status, messageId }: DiagnosisStep) => status === 'skipped' && messageId === 'step.stopped'
  return { told: steps.filter((step) => !isNotNeeded(step)), notNeeded: steps.filter(isNotNeeded) }
}
